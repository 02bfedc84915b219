/** Parts of the work on the read models that a fault can hold up. */
export type WorkPart = 'batches' | 'rebuilds' | 'polling' | 'current states';

/** Whether the work of this process on the read models goes on, and what holds it up. */
export class Condition {
  #state: 'starting' | 'running' | 'stopped' = 'starting';
  #hasCaughtUp = false;
  #stoppedBy: string | null = null;
  readonly #troubles = new Map<WorkPart, string>();

  /** `onTrouble` is given what holds up a part, once until that is over. */
  constructor(private readonly onTrouble: ((error: unknown) => void) | undefined) {}

  get state(): 'starting' | 'running' | 'stopped' {
    return this.#state;
  }

  /** True until the read models held for the first time what was in the log. */
  get isStarting(): boolean {
    return this.#state === 'starting' || !this.#hasCaughtUp;
  }

  /** What stopped the work or, while it is under way, holds it up. */
  get lastError(): string | null {
    return this.#stoppedBy ?? this.#troubles.values().next().value ?? null;
  }

  noteRunning(): void {
    this.#state = 'running';
  }

  noteCaughtUp(): void {
    this.#hasCaughtUp = true;
  }

  /** Notes that no read model is advanced here any more, and the error by which, if there was one. */
  noteStopped(error?: unknown): void {
    this.#state = 'stopped';
    if (error !== undefined) this.#stoppedBy = messageOf(error);
  }

  /** Notes what holds a part of the work up or, with null, that it goes on. */
  noteTrouble(part: WorkPart, error: unknown): void {
    if (error === null) return void this.#troubles.delete(part);
    if (!this.#troubles.has(part)) this.onTrouble?.(error);
    this.#troubles.set(part, messageOf(error));
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** How much is done at a time, and how much may wait. */
export interface WorkLimits {
  readonly atOnce: number;
  readonly waiting: number;
}

/** Work that waits for its turn. */
export interface Waiting {
  /** Called when it is its turn. */
  readonly begin: () => void;
}

/** Gives costly work its turns: so much at a time, and one client after the other, however much each has waiting. */
export class TurnsAtWork {
  /** Of each client what waits, in order; the client whose turn is next comes first. */
  readonly #queues = new Map<string, Set<Waiting>>();
  #working = 0;
  #waiting = 0;

  constructor(private readonly limits: WorkLimits) {}

  get counts(): { readonly working: number; readonly waiting: number } {
    return { working: this.#working, waiting: this.#waiting };
  }

  /**
   * Begins work, now or when it is its turn; answers how it ends, or is given up while it waits, and undefined where too
   * much waits already.
   */
  start(client: string, begin: () => void): (() => void) | undefined {
    if (this.#working >= this.limits.atOnce && this.#waiting >= this.limits.waiting) return undefined;
    const one = { begin };
    this.#enqueue(client, one);
    this.#beginNext();
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      if (this.#dequeue(client, one)) return;
      this.#working -= 1;
      this.#beginNext();
    };
  }

  #beginNext(): void {
    if (this.#working >= this.limits.atOnce) return;
    const [first] = this.#queues;
    const [one] = first?.[1] ?? [];
    if (first === undefined || one === undefined) return;
    const [client, queue] = first;
    this.#dequeue(client, one);
    // Whoever had a turn waits behind all others.
    if (this.#queues.delete(client)) this.#queues.set(client, queue);
    this.#working += 1;
    one.begin();
  }

  #enqueue(client: string, one: Waiting): void {
    const queue = this.#queues.get(client) ?? new Set();
    queue.add(one);
    this.#queues.set(client, queue);
    this.#waiting += 1;
  }

  /** False for what does not wait any more. */
  #dequeue(client: string, one: Waiting): boolean {
    const queue = this.#queues.get(client);
    if (queue?.delete(one) !== true) return false;
    this.#waiting -= 1;
    if (queue.size === 0) this.#queues.delete(client);
    return true;
  }
}

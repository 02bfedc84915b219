import type { Terminal } from './terminal.js';

/** The interval between two lines of progress, on a terminal and in a file. */
const WATCHED_MS = 500;
const LOGGED_MS = 5_000;

/** The amount of work that is done. */
export interface WorkDone {
  readonly count: number;
  /** The total; absent if it is not known. */
  readonly of?: number;
}

/** Reports progress on standard error: the amount done, the rate, and the time left. Silent about short work. */
export class ProgressLine {
  readonly #begun = performance.now();
  #told = this.#begun;
  #isOpen = false;

  constructor(
    private readonly terminal: Terminal,
    private readonly unit: string,
  ) {}

  report(done: WorkDone): void {
    const now = performance.now();
    const { stderr } = this.terminal;
    if (now - this.#told < (stderr.isTTY ? WATCHED_MS : LOGGED_MS)) return;
    this.#told = now;
    this.#isOpen = stderr.isTTY ?? false;
    stderr.write(
      `${stderr.isTTY ? '\r\u001b[K' : ''}${this.#line(done, now - this.#begun)}${stderr.isTTY ? '' : '\n'}`,
    );
  }

  /** Removes the current line. */
  end(): void {
    if (this.#isOpen) this.terminal.stderr.write('\r\u001b[K');
    this.#isOpen = false;
  }

  #line({ count, of }: WorkDone, elapsedMs: number): string {
    const perSecond = count / (elapsedMs / 1_000);
    const rate = `${Math.round(perSecond).toLocaleString('en')}/s`;
    const done = `${count.toLocaleString('en')}${of === undefined ? '' : ` of ${of.toLocaleString('en')}`} ${this.unit}`;
    const left = of === undefined || count === 0 ? '' : `, ${Math.ceil((of - count) / perSecond)} s left`;
    return `${done}, ${rate}${left}`;
  }
}

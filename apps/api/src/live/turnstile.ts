/** Lets so many through at a time; the others wait in order of arrival. */
export class Turnstile {
  readonly #waiting: (() => void)[] = [];
  #inside = 0;

  constructor(private readonly limit: number) {}

  async through<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#inside >= this.limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#inside += 1;
    try {
      return await work();
    } finally {
      // Whoever waits takes the place that becomes free.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#inside -= 1;
    }
  }
}

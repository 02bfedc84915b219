/** A list of things to close, in the opposite order of their opening. */
export class Closing {
  private readonly steps: (() => Promise<unknown>)[] = [];

  /** Adds how to close what has just been opened. */
  add(step: () => Promise<unknown>): void {
    this.steps.push(step);
  }

  /** Closes everything, even after a step fails; then throws the first failure. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const step of this.steps.splice(0).toReversed()) {
      await step().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }
}

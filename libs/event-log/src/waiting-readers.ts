/** The readers that wait until something is appended. */
export class WaitingReaders {
  readonly #waiting = new Set<() => void>();

  /** Resolves at the next {@link wake}, after the limit, or when the signal aborts. */
  next(signal: AbortSignal, limitMs?: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = limitMs === undefined ? undefined : setTimeout(wake, limitMs);
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake);
      if (signal.aborted) wake();
    });
  }

  /** Wakes every reader that waits now. */
  wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}

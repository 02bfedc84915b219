/** The number of imports that may run at once: each may hold a temporary file and much memory while its client sends. */
export const IMPORTS_AT_ONCE = 8;

/** Limits the number of imports that run at once. */
export class ImportPlaces {
  #taken = 0;

  /** Takes a place; returns a function that gives it back, or undefined if none is free. A second call has no effect. */
  take(): (() => void) | undefined {
    if (this.#taken >= IMPORTS_AT_ONCE) return undefined;
    this.#taken += 1;
    let isTaken = true;
    return () => {
      if (isTaken) this.#taken -= 1;
      isTaken = false;
    };
  }
}

/** Imports that are under way at once: each may hold a temporary file and much memory, for as long as its sender takes. */
export const IMPORTS_AT_ONCE = 8;

/** Hands out the places for imports. */
export class ImportPlaces {
  #taken = 0;

  /** Takes a place; answers how to give it back, or undefined when there is none. Giving it back twice does nothing. */
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

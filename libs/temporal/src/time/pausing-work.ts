/** Work that pauses at each step, so that whoever does it can do other things in between; at the end its result. */
export type PausingWork<Result> = Generator<undefined, Result, undefined>;

/** Does the work without a pause; answers its result. */
export function finish<Result>(work: PausingWork<Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

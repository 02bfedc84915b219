// What the specs import as `@jest/globals`: the loader hooks resolve that name to this file.
import { ModernFakeTimers } from '@jest/fake-timers';
import { ModuleMocker } from 'jest-mock';

// Bound anew for each file; a module that several files share sees the new ones, too.
export let afterAll, afterEach, beforeAll, beforeEach, describe, expect, it;

/** Takes the functions by which the next spec file declares its tests. */
export function declareBy(globals) {
  ({ afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } = globals);
}

const TIMEOUT = Symbol.for('TEST_TIMEOUT_SYMBOL');
const mocker = new ModuleMocker(globalThis);
const timers = new ModernFakeTimers({ config: { fakeTimers: {} }, global: globalThis });

/** As much of Jest's object as the specs use. */
export const jest = {
  fn: (implementation) => mocker.fn(implementation),
  /** Holds for the file. */
  setTimeout: (timeoutMs) => {
    globalThis[TIMEOUT] = timeoutMs;
  },
  useFakeTimers: () => timers.useFakeTimers(),
  useRealTimers: () => timers.useRealTimers(),
  advanceTimersByTime: (timeMs) => timers.advanceTimersByTime(timeMs),
  getTimerCount: () => timers.getTimerCount(),
};

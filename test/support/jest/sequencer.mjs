import TestSequencer from '@jest/test-sequencer';

/** What takes a minute or more whatever its size, and would leave the other workers idle at the end. */
const LONG = ['test/browser/views.spec.ts', 'test/crash/crash.int.spec.ts', 'test/e2e/live/live-resume.int.spec.ts'];

const isLong = ({ path }) => LONG.some((name) => path.endsWith(name));

/** Runs what is known to take long first, then the rest as Jest orders it. */
export default class LongestFirst extends TestSequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
}

import TestSequencer from '@jest/test-sequencer';

/** It takes minutes in a small file, by which Jest would run it last, and leave the other workers idle. */
const isLong = ({ path }) => path.endsWith('test/crash/crash.int.spec.ts');

/** Runs the campaign of crashes first, then the rest as Jest orders it. */
export default class LongestFirst extends TestSequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
}

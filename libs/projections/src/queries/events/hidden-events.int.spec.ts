import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { FOREVER, type RecordedEvent, presentBody, position, speaksOfRecords } from '#domain';
import { type PolicyState, stateAt } from '#temporal';
import {
  type RandomPolicies,
  coordinatesOf,
  recordRandomPolicies,
} from '../../../../../test/support/databases/random-policies.js';
import type { ResolvedCoordinate } from '../../rows/answers.js';
import { type HiddenEvents, hiddenEventsAt } from './hidden-events.js';

const SEED = Number(process.env['PROPERTY_SEED'] ?? 20261124);
const LIMIT_MS = 60_000;

jest.setTimeout(LIMIT_MS);

let policies: RandomPolicies;
beforeAll(async () => {
  policies = await recordRandomPolicies({ policies: 16, eventsEach: 18, seed: SEED });
}, LIMIT_MS);
afterAll(() => policies.stop());

type Version = PolicyState['versions'][number];

const shownIn = ({ versions }: PolicyState): readonly Version[] =>
  versions.filter(({ event, retracted }) => !retracted && !speaksOfRecords(event.type));

const textOf = ({ body }: Version): string => JSON.stringify(presentBody(body));

/** The counts by their definitions, from folds at the coordinate, at the end of known time, and of all that is recorded. */
function hiddenByFold(events: readonly RecordedEvent[], at: ResolvedCoordinate): HiddenEvents {
  const seen = shownIn(stateAt(events, at));
  const inTheEnd = stateAt(events, { ...at, knownAt: FOREVER });
  const today = new Map(
    stateAt(events, { ...at, recorded: position(1_000_000), knownAt: FOREVER }).versions.map((version) => [
      version.event.key,
      version,
    ]),
  );
  const changed = (holds: (then: Version, now: Version) => boolean): number =>
    seen.filter((then) => holds(then, today.get(then.event.key) ?? then)).length;
  return {
    later: shownIn(inTheEnd).filter(({ knownFrom }) => knownFrom > at.knownAt).length,
    correctedSince: changed((then, now) => textOf(then) !== textOf(now)),
    retractedSince: changed((_then, now) => now.retracted),
    undated: seen.filter(({ earliest, settled }) => earliest <= at.validAt && settled > at.validAt).length,
  };
}

it(`counts what each coordinate hides, as the folds do (seed ${SEED})`, async () => {
  const sums = { later: 0, correctedSince: 0, retractedSince: 0, undated: 0 };
  for (const [policy, events] of policies.recorded)
    for (const at of coordinatesOf(policy, events, { count: 40, seed: SEED })) {
      const expected = hiddenByFold(events, at);
      const filter = { policy: policies.slugs.get(policy) };
      const found = await hiddenEventsAt(policies.pool, at, { filter, scope: 'primary' });
      expect({ at, ...found }).toEqual({ at, ...expected });
      sums.later += expected.later;
      sums.correctedSince += expected.correctedSince;
      sums.retractedSince += expected.retractedSince;
      sums.undated += expected.undated;
    }
  for (const [name, sum] of Object.entries(sums)) expect({ name, isTried: sum > 0 }).toEqual({ name, isTried: true });
});

it('counts among all policies what it counts in each', async () => {
  const [last = [0, []] as const] = [...policies.recorded].slice(-1);
  for (const at of coordinatesOf(last[0], last[1], { count: 10, seed: SEED })) {
    const all = await hiddenEventsAt(policies.pool, at, { filter: {}, scope: 'primary' });
    const each = [...policies.recorded].map(([, events]) => hiddenByFold(events, at));
    for (const name of ['later', 'correctedSince', 'retractedSince', 'undated'] as const)
      expect({ at, [name]: all[name] }).toEqual({ at, [name]: each.reduce((sum, counts) => sum + counts[name], 0) });
  }
});

import { beforeAll, describe, expect, it } from '@jest/globals';
import { type JsonObject, fromStored, instant, parseEventBody, policyStream, position } from '#domain';
import { type LogEntry, createMemoryEventLog } from '#event-log';
import { appendAll, bodyRequest, registrationRequest } from '../../../../../test/support/events/append-bodies.js';
import { foldAt, isFolded } from './fold-entries.js';
import { OneAtATime, ReplayOverloadedError, ReplayTooLongError, Replays } from './replay-threads.js';

const EVENTS = 510;

let entries: readonly LogEntry[] = [];

function bodyOf(index: number) {
  const parsed = parseEventBody(
    {
      key: `e-${index}`,
      type: 'policy.announced',
      policy: 'long',
      occurred: '2024-01-01',
      publishedAt: '2024-01-01',
      ordinal: index,
      summary: 'Something happened.',
      epistemic: 'confirmed',
      sources: [{ publisher: 'Gazette', title: 'News', publishedAt: '2024-01-01', genre: 'official' }],
      terms: [{ key: `t-${index}`, value: index }],
    } satisfies JsonObject,
    'Europe/London',
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.rejections));
  return parsed.body;
}

beforeAll(async () => {
  const log = createMemoryEventLog(() => Date.UTC(2024, 5));
  await appendAll(log, [registrationRequest({ slug: 'long', title: 'Long', kind: 'scheme', jurisdiction: 'GB' })]);
  await appendAll(
    log,
    Array.from({ length: EVENTS }, (_, index) => bodyRequest(bodyOf(index))),
  );
  entries = await log.readStream(policyStream('long'), { limit: 1_000 });
});

const at = {
  recorded: position(EVENTS),
  knownAt: instant(Date.UTC(2025, 0)),
  validAt: instant(Date.UTC(2025, 0)),
};

describe('a long stream', () => {
  it('is folded in a thread as it is here, at each coordinate', async () => {
    const events = entries.filter(isFolded).map(fromStored);
    const [folded, earlier] = await new Replays().fold(entries, async (foldedAt) => [
      await foldedAt(at),
      await foldedAt({ ...at, recorded: position(5) }),
    ]);
    expect(folded).toEqual(foldAt(events, at));
    expect(folded).toMatchObject({ eventCount: EVENTS - 1 });
    expect(earlier).toEqual(foldAt(events, { ...at, recorded: position(5) }));
  });

  it('is given up where it takes too long, and others are folded afterwards', async () => {
    const hasty = new Replays(1);
    await expect(hasty.factsAt(entries, at)).rejects.toBeInstanceOf(ReplayTooLongError);
    await expect(hasty.factsAt(entries, at)).rejects.toBeInstanceOf(ReplayTooLongError);
    expect(await hasty.factsAt(entries.slice(0, 3), at)).toMatchObject({ eventCount: 2 });
  });
});

describe('long work', () => {
  it('is done one piece after the other, and refused where too much waits', async () => {
    const threads = new OneAtATime(2);
    const [done, ends]: [string[], (() => void)[]] = [[], []];
    const piece = (name: string) => () =>
      new Promise<string>((resolve) => {
        done.push(name);
        ends.push(() => resolve(name));
      });
    const [first, second] = [threads.run(piece('first')), threads.run(piece('second'))];
    await expect(threads.run(piece('third'))).rejects.toBeInstanceOf(ReplayOverloadedError);
    expect(done).toEqual(['first']);
    ends[0]?.();
    await first;
    await Promise.resolve();
    expect(done).toEqual(['first', 'second']);
    ends[1]?.();
    expect(await second).toBe('second');
    await expect(threads.run(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await threads.run(() => Promise.resolve('next'))).toBe('next');
  });
});

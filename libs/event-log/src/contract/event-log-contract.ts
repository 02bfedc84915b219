import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canonicalJson } from '../entries/canonical-json.js';
import type { LogPosition } from '../positions.js';
import type { AppendRequest, EventLog, LogEntry } from '../port.js';
import {
  event,
  expectedRevisionCases,
  readEverything,
  uniqueName,
  outcomeOf,
  requestFor,
  revisionAt,
} from './contract-requests.js';
import { describeRaces } from './race-contract.js';

/** The adapter that a run of the suite tests: a log for each test, and a way to end it all. */
export interface LogUnderTest {
  open(): Promise<EventLog>;
  /** Another way into the log that was opened, as another process has it. */
  openAnother(): Promise<EventLog>;
  close(): Promise<void>;
}

/** The contract of the port: every adapter passes all of it, unweakened. */
export function describeEventLog(adapter: string, underTest: LogUnderTest): void {
  describe(`the event log (${adapter})`, () => {
    let log: EventLog;
    let writers: readonly EventLog[] = [];
    beforeAll(async () => {
      log = await underTest.open();
      writers = [log, await underTest.openAnother(), await underTest.openAnother()];
    });
    afterAll(() => underTest.close());

    describeExpectedRevision(() => log);
    describeRepeats(() => log);
    describeConcurrency(() => log);
    describeRaces(() => writers);
    describeEntries(() => log);
    describeReading(() => log);
    describeTogether(() => log);
  });
}

function describeExpectedRevision(log: () => EventLog): void {
  it.each(expectedRevisionCases)('expecting %s of a stream with %i events: %s', async (expected, events, outcome) => {
    const stream = uniqueName();
    for (let index = 0; index < events; index += 1) await log().append(requestFor(stream, [uniqueName()]));
    const answer = await log().append(requestFor(stream, [uniqueName()], expected));
    expect(outcomeOf(answer)).toBe(outcome);
    if (answer.outcome === 'conflict') expect(answer.actual).toBe(events === 0 ? null : events - 1);
    if (answer.outcome === 'appended') expect(answer.locations[0]?.revision).toBe(events);
    expect(await log().readStream(stream, { limit: 10 })).toHaveLength(outcome === 'appended' ? events + 1 : events);
  });
}

function describeRepeats(log: () => EventLog): void {
  it('answers a repeat with the first place and appends nothing', async () => {
    const [stream, key] = [uniqueName(), uniqueName()];
    const first = await log().append(requestFor(stream, [key]));
    const again = await log().append(requestFor(stream, [key], 'none'));
    expect(again).toEqual({ ...first, outcome: 'duplicate' });
    expect(await log().readStream(stream, { limit: 10 })).toHaveLength(1);
  });

  it('refuses a key that belongs to another event, of any stream', async () => {
    const key = uniqueName();
    const first = await log().append(requestFor(uniqueName(), [key]));
    const location = first.outcome === 'appended' ? first.locations[0] : undefined;
    expect(await log().append({ stream: uniqueName(), expected: 'any', events: [event(key, 'two')] })).toEqual({
      outcome: 'key-reused',
      key,
      location,
    });
  });

  it('refuses a request of which only a part is there', async () => {
    const [stream, key] = [uniqueName(), uniqueName()];
    await log().append(requestFor(stream, [key]));
    expect(outcomeOf(await log().append(requestFor(stream, [key, uniqueName()])))).toBe('key-reused');
    expect(await log().readStream(stream, { limit: 10 })).toHaveLength(1);
  });

  it('keeps an idempotency key with the append, and refuses it for another event', async () => {
    const idempotencyKey = uniqueName();
    const [stream, key] = [uniqueName(), uniqueName()];
    const first = await log().append({ ...requestFor(stream, [key]), idempotencyKey });
    expect(outcomeOf(await log().append({ ...requestFor(stream, [key]), idempotencyKey }))).toBe('duplicate');
    expect(outcomeOf(await log().append({ ...requestFor(stream, [uniqueName()]), idempotencyKey }))).toBe(
      'idempotency-key-reused',
    );
    expect((await log().readIdempotencyKey(idempotencyKey))?.position).toBe(
      first.outcome === 'appended' ? first.locations[0]?.position : -1,
    );
    expect(await log().readIdempotencyKey(uniqueName())).toBeUndefined();
  });

  it('keeps no idempotency key of a request that failed', async () => {
    const [idempotencyKey, stream] = [uniqueName(), uniqueName()];
    await log().append({ ...requestFor(stream, [uniqueName()], 'exists'), idempotencyKey });
    expect(outcomeOf(await log().append({ ...requestFor(stream, [uniqueName()]), idempotencyKey }))).toBe('appended');
  });
}

function describeConcurrency(log: () => EventLog): void {
  it('judges requests in the order of their arrival, each seeing those before it', async () => {
    const [stream, key] = [uniqueName(), uniqueName()];
    const answers = await Promise.all([
      log().append(requestFor(stream, [key], 'none')),
      log().append(requestFor(stream, [uniqueName()], revisionAt(0))),
      log().append(requestFor(stream, [key])),
      log().append({ stream, expected: 'any', events: [event(key, 'two')] }),
      log().append(requestFor(stream, [uniqueName()], 'none')),
      log().append(requestFor(stream, [uniqueName()], revisionAt(1))),
    ]);
    expect(answers.map(outcomeOf)).toEqual(['appended', 'appended', 'duplicate', 'key-reused', 'conflict', 'appended']);
    expect(answers[2]).toEqual({ ...answers[0], outcome: 'duplicate' });
  });

  it('gives 64 writers positions without gap, and every stream revisions without gap', async () => {
    const before = (await log().head()).position;
    const streams = [uniqueName(), uniqueName(), uniqueName()];
    const answers = await Promise.all(
      Array.from({ length: 64 * 8 }, (_, index) =>
        log().append(
          requestFor(streams[index % 3] ?? '', index % 5 === 0 ? [uniqueName(), uniqueName()] : [uniqueName()]),
        ),
      ),
    );
    const positions = answers.flatMap((answer) =>
      answer.outcome === 'appended' ? answer.locations.map(({ position }) => position) : [],
    );
    const sorted = [...positions].sort((one, other) => one - other);
    expect(sorted).toEqual(sorted.map((_, index) => before + 1 + index));
    for (const stream of streams) {
      const entries = await log().readStream(stream, { limit: 1000 });
      expect(entries.map((entry) => entry.revision)).toEqual(entries.map((_, index) => index));
      expect(entries.map(({ prev }) => prev)).toEqual([
        undefined,
        ...entries.slice(0, -1).map(({ position }) => position),
      ]);
    }
  });

  it('gives a series its positions in its order, whatever the streams', async () => {
    const streams = Array.from({ length: 7 }, uniqueName);
    const series = Array.from({ length: 70 }, (_, index) => requestFor(streams[index % 7] ?? '', [uniqueName()]));
    const answers = await log().appendMany(series);
    const positions = answers.map((answer) =>
      answer.outcome === 'appended' ? answer.locations[0]?.position : undefined,
    );
    const [first = 0] = positions;
    expect(positions).toEqual(series.map((_, index) => first + index));
  });
}

function describeEntries(log: () => EventLog): void {
  it('stores the canonical form of exactly nine fields', async () => {
    const stream = uniqueName();
    await log().append(requestFor(stream, [uniqueName(), uniqueName()]));
    for (const { entry, position: _position, erasable: _erasable, recordedAt, ...rest } of await log().readStream(
      stream,
      { limit: 2 },
    ))
      expect(entry).toBe(canonicalJson({ ...rest, recordedAt: new Date(recordedAt).toISOString() }));
  });

  it('writes who recorded an event into its entry, in form 2, and everything else in form 1 as ever', async () => {
    const stream = uniqueName();
    const [anonymous, named] = [event(uniqueName()), { ...event(uniqueName()), by: 'key-1' }];
    for (const each of [anonymous, named]) await log().append({ stream, expected: 'any', events: [each] });
    const entries = await log().readStream(stream, { limit: 2 });
    expect(entries.map(({ v, by }) => [v, by])).toEqual([
      [1, undefined],
      [2, 'key-1'],
    ]);
    for (const { entry, recordedAt, v, by, id, key, type, revision, prev, body } of entries)
      expect(entry).toBe(
        canonicalJson({
          ...{ v, id, key, type, stream, revision, body, recordedAt: new Date(recordedAt).toISOString() },
          ...(prev === undefined ? {} : { prev }),
          ...(by === undefined ? {} : { by }),
        }),
      );
    // Whoever repeats it, the first who recorded it stays.
    const repeated = await log().append({ stream, expected: 'any', events: [{ ...named, by: 'key-2' }] });
    expect([outcomeOf(repeated), (await log().readKeys([named.key]))[0]?.by]).toEqual(['duplicate', 'key-1']);
  });

  it('keeps erasable values beside the entry', async () => {
    const stream = uniqueName();
    const erasable = [{ pointer: '/note', salt: 'c2FsdA==', value: 'between us' }];
    await log().append({
      stream,
      expected: 'none',
      events: [{ ...event(uniqueName()), body: canonicalJson({ note: { commit: 'x' } }), erasable }],
    });
    const [entry] = await log().readStream(stream, { limit: 1 });
    expect(entry?.erasable.map(({ pointer, value }) => ({ pointer, value }))).toEqual([
      { pointer: '/note', value: 'between us' },
    ]);
    expect(entry?.entry).not.toContain('between us');
  });

  it('never records earlier than before', async () => {
    const times = (await readEverything(log())).map(({ recordedAt }) => recordedAt);
    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect(times.every(Number.isInteger)).toBe(true);
  });
}

function describeReading(log: () => EventLog): void {
  it('pages through a stream and finds events by key', async () => {
    const [stream, keys] = [uniqueName(), [uniqueName(), uniqueName(), uniqueName()]];
    await log().append(requestFor(stream, keys));
    expect((await log().readStream(stream, { after: revisionAt(0), limit: 1 })).map(({ key }) => key)).toEqual([
      keys[1],
    ]);
    expect((await log().readKeys([...keys, uniqueName()])).map(({ key }) => key)).toEqual(keys);
    expect(await log().readStream(uniqueName(), { limit: 1 })).toEqual([]);
  });

  it('reads the entries of certain types', async () => {
    const { position: before } = await log().head();
    const [type, stream] = [uniqueName(), uniqueName()];
    const keys = [uniqueName(), uniqueName(), uniqueName(), uniqueName()];
    for (const [index, key] of keys.entries())
      await log().append({
        stream,
        expected: 'any',
        events: [index % 2 === 0 ? { ...event(key), type } : event(key)],
      });
    const keysOf = (entries: readonly LogEntry[]): readonly string[] => entries.map(({ key }) => key);
    const [first] = await log().readTypes([type], before, 1);
    expect(first?.key).toBe(keys[0]);
    expect(keysOf(await log().readTypes([type], first?.position ?? before, 10))).toEqual([keys[2]]);
    expect(keysOf(await log().readTypes([type, event(uniqueName()).type], before, 10))).toEqual(keys);
    expect(await log().readTypes([uniqueName()], before, 10)).toEqual([]);
  });

  it('tells where an instant and a position lie', async () => {
    const appended = await log().append(requestFor(uniqueName(), [uniqueName()]));
    const location = appended.outcome === 'appended' ? appended.locations[0] : undefined;
    const head = await log().head();
    expect(head).toEqual({ position: location?.position, recordedAt: location?.recordedAt });
    expect(await log().positionAt((head.recordedAt ?? 0) + 1, 5_000)).toBe(head.position);
    expect(await log().positionAt(0, 5_000)).toBe(0);
    // What has been recorded by an instant to come is not known before it.
    expect(await log().positionAt((head.recordedAt ?? 0) + 3_600_000, 1)).toBeUndefined();
    expect(await log().recordedAtOf(head.position)).toBe(head.recordedAt);
    expect(await log().recordedAtOf((head.position + 1) as LogPosition)).toBeUndefined();
  });

  it('subscribes from any position on, with nothing lost or repeated, and ends when told', async () => {
    const { position: before } = await log().head();
    const stop = new AbortController();
    const seen: number[] = [];
    const reading = (async () => {
      for await (const entries of log().subscribe(before, { signal: stop.signal, batchLimit: 7 })) {
        seen.push(...entries.map(({ position }) => position));
        if (seen.length >= 60) stop.abort();
      }
    })();
    for (let index = 0; index < 6; index += 1)
      await Promise.all(Array.from({ length: 10 }, () => log().append(requestFor(uniqueName(), [uniqueName()]))));
    await reading;
    expect(seen).toEqual(Array.from({ length: 60 }, (_, index) => before + 1 + index));
  });
}

function describeTogether(log: () => EventLog): void {
  const batches = async function* (
    ...parts: readonly (readonly AppendRequest[])[]
  ): AsyncGenerator<readonly AppendRequest[]> {
    yield* parts;
  };

  it('appends batches together', async () => {
    const { position } = await log().head();
    const answer = await log().appendTogether(
      batches(
        [requestFor(uniqueName(), [uniqueName()]), requestFor(uniqueName(), [uniqueName(), uniqueName()])],
        [requestFor(uniqueName(), [uniqueName()])],
      ),
    );
    expect(answer).toEqual({ outcome: 'appended', events: 4, last: position + 4 });
    expect((await log().head()).position).toBe(position + 4);
  });

  it('answers a repeat of batches with where they are, and appends nothing', async () => {
    const repeated = [
      requestFor(uniqueName(), [uniqueName(), uniqueName()], 'none'),
      requestFor(uniqueName(), [uniqueName()]),
    ];
    const first = await log().appendTogether(batches(repeated));
    await log().append(requestFor(uniqueName(), [uniqueName()]));
    const { position } = await log().head();
    expect(await log().appendTogether(batches(repeated))).toEqual({ ...first, events: 0 });
    expect(await log().appendTogether(batches())).toEqual({ outcome: 'appended', events: 0, last: 0 });
    expect((await log().head()).position).toBe(position);
  });

  it('passes an error of the batches on, and leaves nothing of them', async () => {
    const key = uniqueName();
    const failing = async function* (): AsyncGenerator<readonly AppendRequest[]> {
      yield [requestFor(uniqueName(), [key])];
      throw Object.assign(new Error('The source of the batches broke.'), { code: 'ECONNRESET' });
    };
    await expect(log().appendTogether(failing())).rejects.toThrow('The source of the batches broke.');
    expect(await log().readKeys([key])).toEqual([]);
  });

  it('leaves nothing when the last of them is refused', async () => {
    const { position } = await log().head();
    const [stream, key] = [uniqueName(), uniqueName()];
    const answer = await log().appendTogether(
      batches(
        [requestFor(stream, [key])],
        [requestFor(uniqueName(), [uniqueName()]), requestFor(stream, [uniqueName()], 'none')],
      ),
    );
    expect(answer).toEqual({ outcome: 'refused', index: 2, reason: { outcome: 'conflict', actual: 0 } });
    expect((await log().head()).position).toBe(position);
    expect(await log().readKeys([key])).toEqual([]);
    expect(outcomeOf(await log().append(requestFor(stream, [key], 'none')))).toBe('appended');
  });
}

import { describe, expect, it } from '@jest/globals';
import type { AppendOutcome, AppendRequest, EventLog, ExpectedRevision, LogEntry, EventLocation } from '../port.js';
import { event, readEverything, uniqueName, requestFor, revisionAt } from './contract-requests.js';

const WRITERS = 64;

type Race = (requestOf: (writer: number) => AppendRequest) => Promise<readonly AppendOutcome[]>;

/** Tests of 64 writers at once, spread over several ways into the log: each outcome is as exact as for one alone. */
export function describeRaces(logs: () => readonly EventLog[]): void {
  const logOf = (writer: number): EventLog => {
    const log = logs()[writer % logs().length];
    if (!log) throw new Error('A race needs a log.');
    return log;
  };
  const race: Race = (requestOf) =>
    Promise.all(Array.from({ length: WRITERS }, (_, writer) => logOf(writer).append(requestOf(writer))));

  describe('with 64 writers at once', () => {
    describeRacesForRevisions(race, () => logOf(0));
    describeRacesForKeys(race, () => logOf(0));
    describeRacesForIdempotencyKeys(race, () => logOf(0));
    describeRacesOfAllKinds(race, () => logOf(0));
  });
}

function describeRacesForRevisions(race: Race, log: () => EventLog): void {
  const cases: readonly [ExpectedRevision, events: number, winners: number, actual: number | null][] = [
    ['none', 0, 1, 0],
    ['none', 2, 0, 1],
    ['exists', 0, 0, null],
    ['exists', 1, WRITERS, null],
    ['any', 0, WRITERS, null],
    ['any', 3, WRITERS, null],
    [revisionAt(0), 0, 0, null],
    [revisionAt(0), 1, 1, 1],
    [revisionAt(4), 5, 1, 5],
    [revisionAt(0), 3, 0, 2],
    [revisionAt(3), 3, 0, 2],
  ];
  it.each(cases)('expecting %s of a stream with %i events: %i appended', async (expected, events, winners, actual) => {
    const stream = uniqueName();
    for (let index = 0; index < events; index += 1) await log().append(requestFor(stream, [uniqueName()]));
    const answers = await race(() => requestFor(stream, [uniqueName()], expected));
    expect(revisionsOf(answers)).toEqual(Array.from({ length: winners }, (_, index) => events + index));
    expect(answers.filter(isNotAppended)).toEqual(
      Array.from({ length: WRITERS - winners }, () => ({ outcome: 'conflict', actual })),
    );
    await expectContiguous(log(), stream, events + winners);
  });

  it('leaves the keys of those who lost free', async () => {
    const stream = uniqueName();
    const keyOf = (writer: number): string => `${stream} ${writer}`;
    const answers = await race((writer) => requestFor(stream, [keyOf(writer)], 'none'));
    const again = await race((writer) => requestFor(stream, [keyOf(writer)], 'exists'));
    expect(again.map(({ outcome }) => outcome)).toEqual(
      answers.map(({ outcome }) => (outcome === 'appended' ? 'duplicate' : 'appended')),
    );
    await expectContiguous(log(), stream, WRITERS);
  });
}

function describeRacesForKeys(race: Race, log: () => EventLog): void {
  it.each<ExpectedRevision>(['any', 'none', 'exists', revisionAt(0)])(
    'appends the same event once, and answers the same place to all (expecting %s)',
    async (expected) => {
      const [stream, key] = [uniqueName(), uniqueName()];
      if (expected !== 'none') await log().append(requestFor(stream, [uniqueName()]));
      const locations = sortAcknowledged(
        await expectOneWinner(
          race(() => requestFor(stream, [key], expected)),
          'duplicate',
        ),
      );
      expect((await log().readKeys([key])).map(locationOf)).toEqual(locations);
      await expectContiguous(log(), stream, expected === 'none' ? 1 : 2);
    },
  );

  it('appends one of different events under one key, and names its place to the others', async () => {
    const [stream, key] = [uniqueName(), uniqueName()];
    const requestOf = (writer: number): AppendRequest => ({
      stream,
      expected: 'any',
      events: [event(key, `content ${writer}`)],
    });
    const locations = sortAcknowledged(await expectOneWinner(race(requestOf), 'key-reused'));
    expect((await log().readKeys([key])).map(locationOf)).toEqual(locations);
    await expectContiguous(log(), stream, 1);
  });

  it('appends one of the requests on many streams that share an event, whole', async () => {
    const [streams, key] = [uniqueName(), uniqueName()];
    const requestOf = (writer: number): AppendRequest => requestFor(`${streams}-${writer}`, [uniqueName(), key]);
    const locations = sortAcknowledged(await expectOneWinner(race(requestOf), 'key-reused'));
    expect(await log().readKeys([key])).toHaveLength(1);
    expect(locations.map((place) => place.revision)).toEqual([0, 1]);
  });
}

function describeRacesForIdempotencyKeys(race: Race, log: () => EventLog): void {
  it('appends one request an idempotency key, and names its place to other requests', async () => {
    const [idempotencyKey, stream] = [uniqueName(), uniqueName()];
    const answers = await expectOneWinner(
      race(() => ({ ...requestFor(stream, [uniqueName()]), idempotencyKey })),
      'idempotency-key-reused',
    );
    expect((await log().readIdempotencyKey(idempotencyKey))?.id).toBe(sortAcknowledged(answers)[0]?.id);
    await expectContiguous(log(), stream, 1);
  });

  it('answers the repeats of one request with the place of the first', async () => {
    const [idempotencyKey, repeated] = [uniqueName(), requestFor(uniqueName(), [uniqueName(), uniqueName()], 'none')];
    const answers = await expectOneWinner(
      race(() => ({ ...repeated, idempotencyKey })),
      'duplicate',
    );
    expect((await log().readIdempotencyKey(idempotencyKey))?.position).toBe(sortAcknowledged(answers)[0]?.position);
    await expectContiguous(log(), repeated.stream, 2);
  });
}

function describeRacesOfAllKinds(race: Race, log: () => EventLog): void {
  it('holds each acknowledged event exactly once, where it was acknowledged, and nothing else', async () => {
    const rounds = 8;
    const before = (await log().head()).position;
    const streams = Array.from({ length: 5 }, uniqueName);
    const keys = Array.from({ length: 40 }, uniqueName);
    const asked: AppendRequest[] = [];
    const answers: AppendOutcome[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const requests = Array.from({ length: WRITERS }, (_, writer) =>
        mixRequests(round * WRITERS + writer, streams, keys),
      );
      asked.push(...requests);
      answers.push(...(await race((writer) => requests[writer] ?? requestFor(uniqueName(), [uniqueName()]))));
    }

    const entries = await readEverything(log(), before);
    expect(entries.map(({ position }) => position)).toEqual(entries.map((_, index) => before + 1 + index));
    expect(entries.map(locationOf)).toEqual(sortAcknowledged(answers));
    for (const stream of streams) {
      const own = entries.filter((entry) => entry.stream === stream);
      expect(own.map((entry) => entry.revision)).toEqual(own.map((_, index) => index));
    }
    expect(new Set(answers.map(({ outcome }) => outcome)).size).toBe(5);
    asked.forEach((one, index) => expectJustified(one, answers[index], entries));
  });
}

/** One of many kinds of request, by its number: all forms of expectation, repeats, keys taken by others, own keys. */
function mixRequests(number: number, streams: readonly string[], keys: readonly string[]): AppendRequest {
  const stream = streams[number % streams.length] ?? '';
  const expected =
    (['any', 'none', 'exists', revisionAt(number % 29), 'any', 'exists', 'any'] as const)[number % 7] ?? 'any';
  const key = keys[number % keys.length] ?? '';
  const asked = { stream, expected };
  switch (number % 6) {
    case 0:
      return { ...asked, events: [event(key)] };
    case 1:
      return { ...asked, events: [event(key, `content ${number}`)] };
    case 2:
      return { ...asked, events: [event(uniqueName()), event(uniqueName())], idempotencyKey: `${key} idempotent` };
    default:
      return { ...asked, events: [event(uniqueName())] };
  }
}

/** Fails where an outcome is not what the log as it is now allows. */
function expectJustified(asked: AppendRequest, answer: AppendOutcome | undefined, entries: readonly LogEntry[]): void {
  switch (answer?.outcome) {
    case 'appended':
      expect(isAsExpected(asked.expected, (answer.locations[0]?.revision ?? 0) - 1)).toBe(true);
      return;
    case 'conflict':
      expect(isAsExpected(asked.expected, answer.actual ?? -1)).toBe(false);
      return;
    case 'duplicate':
      expect(answer.locations.map(({ id }) => id)).toEqual(asked.events.map(({ id }) => id));
      return;
    case 'key-reused':
      expect(asked.events.map(({ id }) => id)).not.toContain(answer.location.id);
      expect(entries.map(locationOf)).toContainEqual(answer.location);
      return;
    case 'idempotency-key-reused':
      expect(answer.location.id).not.toBe(asked.events[0]?.id);
      expect(entries.map(locationOf)).toContainEqual(answer.location);
      return;
    case 'pending':
    case undefined:
      throw new Error('A request was not answered.');
  }
}

/** The port's rule for expected revisions, written a second time: `last` is -1 for a stream without events. */
function isAsExpected(expected: ExpectedRevision, last: number): boolean {
  if (expected === 'any') return true;
  if (expected === 'none') return last === -1;
  if (expected === 'exists') return last >= 0;
  return expected === last;
}

const isNotAppended = ({ outcome }: AppendOutcome): boolean => outcome !== 'appended';

const locationsIn = (answer: AppendOutcome): readonly EventLocation[] =>
  answer.outcome === 'appended' ? answer.locations : [];

const sortAcknowledged = (answers: readonly AppendOutcome[]): readonly EventLocation[] =>
  answers.flatMap(locationsIn).sort((one, other) => one.position - other.position);

const revisionsOf = (answers: readonly AppendOutcome[]): readonly number[] =>
  sortAcknowledged(answers).map((place) => place.revision);

const locationOf = ({ position, revision: at, recordedAt, id, key, stream }: LogEntry): EventLocation => ({
  position,
  revision: at,
  recordedAt,
  id,
  key,
  stream,
});

/** Expects that one is appended, and that every other gets this outcome with the winner's location. */
async function expectOneWinner(
  racing: Promise<readonly AppendOutcome[]>,
  losers: 'duplicate' | 'key-reused' | 'idempotency-key-reused',
): Promise<readonly AppendOutcome[]> {
  const answers = await racing;
  const locations = sortAcknowledged(answers);
  expect(answers.filter(({ outcome }) => outcome === 'appended')).toHaveLength(1);
  const others = answers.filter(isNotAppended);
  expect(others.map(({ outcome }) => outcome)).toEqual(Array.from({ length: WRITERS - 1 }, () => losers));
  for (const other of others) {
    if (other.outcome === 'duplicate') expect(other.locations).toEqual(locations);
    else if ('location' in other) expect(locations).toContainEqual(other.location);
  }
  return answers;
}

async function expectContiguous(log: EventLog, stream: string, events: number): Promise<void> {
  const entries = await log.readStream(stream, { limit: 1000 });
  expect(entries.map((entry) => entry.revision)).toEqual(Array.from({ length: events }, (_, index) => index));
}

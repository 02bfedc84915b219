import type { Acknowledgements } from '../load/acknowledgements.js';
import type { Evidence, EvidenceRow } from './evidence.js';
import type { Fate } from '../servers/process-under-test.js';
import type { Reader } from '../load/reader.js';
import type { Met } from '../load/writers.js';

/** One claim about a campaign, and everything that speaks against it: it is proven when nothing does. */
export interface Proof {
  readonly claim: string;
  readonly against: readonly string[];
}

/** Positions are 1 to n, and the head says n. */
export const positionsHaveNoGap = ({ rows, head }: Evidence): Proof => ({
  claim: `positions are 1 to ${rows.length} without a gap, and the head says so`,
  against: [
    ...rows.flatMap(({ position }, index) =>
      position === index + 1 ? [] : [`position ${position} stands at place ${index + 1}`],
    ),
    ...(head.position === rows.length ? [] : [`the head says ${head.position}`]),
  ],
});

export const recordedTimeNeverDecreases = ({ rows, head }: Evidence): Proof => ({
  claim: 'the time of recording never decreases',
  against: [
    ...rows.flatMap(({ position, recordedAt }, index) =>
      recordedAt < (rows[index - 1]?.recordedAt ?? -Infinity) ? [`it decreases at ${position}`] : [],
    ),
    ...(head.recordedAt === (rows.at(-1)?.recordedAt ?? null) ? [] : [`the head says ${head.recordedAt}`]),
  ],
});

/** What was acknowledged is there once, where and as it was acknowledged. */
export function acknowledgedEventsAreThere({ rows }: Evidence, { events, contradictions }: Acknowledgements): Proof {
  const found = new Map<string, EvidenceRow[]>();
  for (const row of rows) found.set(row.key, [...(found.get(row.key) ?? []), row]);
  const against = [...events].flatMap(([key, told]) => {
    const [row, ...more] = found.get(key) ?? [];
    if (!row) return [`${key} was acknowledged at ${told.position} and is not there`];
    if (more.length > 0) return [`${key} is there ${more.length + 1} times`];
    const fields = ['position', 'revision', 'recordedAt', 'stream', 'id', 'type', 'body'] as const;
    return fields.flatMap((field) =>
      told[field] === undefined || row[field] === told[field]
        ? []
        : [`${key} has ${field} ${row[field]}, acknowledged was ${told[field]}`],
    );
  });
  return {
    claim: `each of ${events.size} acknowledged events is in the log once, at the acknowledged position and revision, as it was sent`,
    against: [...contradictions, ...against],
  };
}

/** Every event was asked for and, since writers repeat until they are answered, acknowledged. */
export const nothingElseIsThere = ({ rows }: Evidence, { events }: Acknowledgements): Proof => ({
  claim: 'nothing is in the log that was not acknowledged',
  against: rows.flatMap(({ key, position }) => (events.has(key) ? [] : [`${key} at ${position}`])),
});

export function streamsAreContiguous({ rows }: Evidence): Proof {
  const last = new Map<string, EvidenceRow>();
  const against = rows.flatMap((row) => {
    const before = last.get(row.stream);
    last.set(row.stream, row);
    return [
      ...(row.revision === (before?.revision ?? -1) + 1
        ? []
        : [`${row.stream} has revision ${row.revision} at ${row.position}, after ${before?.revision}`]),
      ...(row.prev === (before?.position ?? null) ? [] : [`${row.position} says prev ${row.prev}`]),
    ];
  });
  return { claim: `the revisions of each of ${last.size} streams go on from 0, and prev is right`, against };
}

export const keysAndIdsAreUnique = ({ rows }: Evidence): Proof => ({
  claim: 'each key and each id is there once',
  against: [...repeated(rows.map(({ key }) => key)), ...repeated(rows.map(({ id }) => id))],
});

export const entriesSayWhatColumnsSay = ({ rows }: Evidence): Proof => ({
  claim: 'the text of each entry says what the columns beside it say',
  against: rows.flatMap(({ position, differsIn }) =>
    differsIn.length > 0 ? [`${position} differs in ${differsIn.join(', ')}`] : [],
  ),
});

export const idempotencyKeysLeadThere = (
  { idempotencyKeys: kept }: Evidence,
  { idempotencyKeys: told }: Acknowledgements,
): Proof => ({
  claim: `each of ${told.size} idempotency keys leads to its event, and there are no others but the API's`,
  against: [
    ...[...told].flatMap(([key, position]) =>
      kept.get(key) === position ? [] : [`${key} leads to ${kept.get(key)}, not ${position}`],
    ),
    ...[...kept.keys()].filter((key) => !told.has(key) && !key.startsWith('web-')),
  ],
});

/** What was read while everything failed is what is there. */
export const readerSawEachOnce = ({ rows, digest }: Evidence, reader: Reader): Proof => ({
  claim: `a reader from position 0 on saw each of ${rows.length} entries once, in order, as it is`,
  against: [
    ...reader.disorder,
    ...reader.ends.map((end) => `its subscription ended ${end}`),
    ...(reader.position() === rows.length ? [] : [`it got to ${reader.position()}`]),
    ...(reader.digest() === digest ? [] : ['what it saw has another digest']),
  ],
});

export const writersWereAnswered = ({ wrong }: Met): Proof => ({
  claim: 'every append was settled, by an answer that it can have',
  against: wrong,
});

/** A process may fail to start while the database is away; once it runs it lasts until it is asked to end. */
export const processesEndWhenAsked = (fates: readonly Fate[]): Proof => ({
  claim: `each of ${fates.length} processes runs until it is killed or asked to end, and then ends with 0`,
  against: fates.flatMap(({ name, ends, stop }) => [
    ...(stop === 'code 0' ? [] : [`${name} ended with ${stop ?? 'nothing'} when asked to`]),
    ...ends
      .filter(({ wasReady }) => wasReady)
      .map(
        ({ code, lastLines }) =>
          `${name} ended by itself with ${code}: ${lastLines.filter((line) => !/^[1-4]0 /.test(line)).join(' | ')}`,
      ),
  ]),
});

function repeated(values: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return values.filter((value) => seen.size === seen.add(value).size);
}

import { describe, expect, it } from '@jest/globals';
import {
  type JsonObject,
  REGISTERED,
  type StoredEvent,
  eventTypes,
  fromStored,
  parseEventBody,
  position,
  presentBody,
  registrationFromStored,
  revision,
  toStoredBody,
} from '#domain';
import { canonicalJson, createMemoryEventLog } from '#event-log';
import { type GoldenExample, goldenExamples as examples } from '../support/events/golden-examples.js';

const stored = ({ entry, erasable }: GoldenExample): StoredEvent => ({
  v: entry.v,
  id: entry.id,
  key: entry.key,
  type: entry.type,
  position: position(1),
  revision: revision(entry.revision),
  recordedAt: Date.parse(entry.recordedAt),
  body: entry.body,
  ...(entry.by === undefined ? {} : { by: entry.by }),
  erasable,
});

/** What an example was read as, with the name that one of its fields has got since. */
const inBothNames = (reads: JsonObject): JsonObject =>
  'embargoed' in reads ? { ...reads, forthcoming: reads['embargoed'] ?? null } : reads;

describe('the stored form', () => {
  it('has an example of every type', () => {
    expect([...new Set(examples.map(({ entry }) => entry.type))].sort()).toEqual(
      [...eventTypes.keys(), REGISTERED].sort(),
    );
  });

  it.each(examples.map((example) => [example.entry.type, example] as const))(
    'of %s reads as it did when it was written',
    (type, example) => {
      const read =
        type === REGISTERED ? registrationFromStored(stored(example)) : presentBody(fromStored(stored(example)).body);
      expect(read).toEqual(inBothNames(example.reads));
    },
  );

  it.each(
    examples
      .filter(({ entry }) => entry.type !== REGISTERED && !('embargoed' in entry.body))
      .map((example) => [example.entry.type, example] as const),
  )('of %s is written as it was then', (_type, example) => {
    const parsed = parseEventBody(example.reads, 'Europe/London');
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.rejections));
    const salts = example.erasable.map(({ salt }) => salt);
    expect(canonicalJson(toStoredBody(parsed.body, () => salts.shift() ?? '').body)).toBe(
      canonicalJson(example.entry.body),
    );
  });

  it('says who recorded an event from form 2 on', () => {
    const read = examples
      .filter(({ entry }) => entry.type !== REGISTERED)
      .map((example) => [example.entry.v, example.entry.by, fromStored(stored(example)).recordedBy] as const);
    expect(new Set(read.map(([v]) => v))).toEqual(new Set([1, 2]));
    for (const [v, by, recordedBy] of read) expect([v, recordedBy]).toEqual([by === undefined ? 1 : 2, by]);
  });

  it('is hashed as it was then, byte for byte, in either form', async () => {
    for (const { entry } of examples) {
      const { id, key, type, stream, body, by } = entry;
      const log = createMemoryEventLog(() => Date.parse(entry.recordedAt));
      const event = { id, key, type, body: canonicalJson(body), ...(by === undefined ? {} : { by }) };
      await log.append({ stream, expected: 'none', events: [event] });
      const { prev: _prev, ...first } = { ...entry, revision: 0 };
      expect((await log.readKeys([key]))[0]?.entry).toBe(canonicalJson(first));
    }
  });

  it('of a field that was renamed is read under either name, and written under the newer one', () => {
    const older = examples.filter(({ entry }) => 'embargoed' in entry.body);
    expect(older).not.toEqual([]);
    for (const example of older) {
      const parsed = parseEventBody(example.reads, 'Europe/London');
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.rejections));
      expect(parsed.body).toEqual(fromStored(stored(example)).body);
      const { embargoed, ...rest } = example.entry.body;
      expect(toStoredBody(parsed.body, () => '').body).toEqual({ ...rest, forthcoming: embargoed });
    }
  });
});

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
import { canonicalJson } from '#event-log';
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

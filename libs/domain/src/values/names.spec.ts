import { describe, expect, it } from '@jest/globals';
import { goldenExamples } from '../../../../test/support/events/golden-examples.js';
import { type Json, type JsonObject } from './json.js';
import { normalizeName } from './names.js';
import { presentBody } from '../bodies/input-form.js';
import { parseEventBody } from '../bodies/parse.js';
import { REGISTERED } from '../bodies/policy-stream.js';
import { parseRegistration } from '../bodies/registration.js';
import { pointerTo } from './json.js';
import { commitmentTo, toStoredBody } from '../bodies/stored-body.js';
import { fromStored, registrationFromStored } from '../bodies/stored-form.js';
import { position, revision } from './time.js';
import { olderNameFaults, addOlderNames, useCurrentNames } from './older-names.js';

const ZONE = 'Europe/London';

const positionStated = (actor: object): object => ({
  key: 'a-position',
  type: 'position.stated',
  policy: 'toll',
  occurred: '2024-03-05',
  publishedAt: '2024-03-05',
  summary: 'Said.',
  epistemic: 'reported',
  actors: [{ name: 'Türkiye', kind: 'country', ...actor }],
  sources: [{ publisher: 'Gazette', title: 'Report', publishedAt: '2024-03-05', genre: 'news' }],
});

function read(input: object): JsonObject {
  const parsed = parseEventBody(input, ZONE);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.rejections));
  return presentBody(parsed.body);
}

const rejectionsOf = (input: object): readonly (readonly [string, string])[] => {
  const parsed = parseEventBody(input, ZONE);
  return parsed.ok ? [] : parsed.rejections.map(({ code, pointer }) => [code, pointer] as const);
};

describe('a name', () => {
  it.each([
    ['Tu\u0308rkiye', 'Türkiye'],
    ['  Port Board ', 'Port Board'],
    ['Port \u00a0\tBoard', 'Port Board'],
    ['Port\u2003Board\n', 'Port Board'],
    ['Å', 'Å'],
    ['Port Board', 'Port Board'],
  ])('%j has the form %j', (given, expected) => {
    expect(normalizeName(given)).toBe(expected);
    expect(normalizeName(expected)).toBe(expected);
  });

  it.each([
    ['\u200b', 'U+200B'],
    ['\u200d', 'U+200D'],
    ['\u202e', 'U+202E'],
    ['\u2066', 'U+2066'],
    ['\u061c', 'U+061C'],
    ['\u00ad', 'U+00AD'],
    ['\ufeff', 'U+FEFF'],
    ['\u2060', 'U+2060'],
    ['\u3164', 'U+3164'],
    ['\ufff9', 'U+FFF9'],
    ['\u{e0041}', 'U+E0041'],
  ])('with %j is rejected, and the character named', (character, codePoint) => {
    const parsed = parseEventBody(positionStated({ name: `Port${character} Board` }), ZONE);
    expect(parsed).toMatchObject({
      ok: false,
      rejections: [
        { code: 'malformed-text', pointer: '/actors/0/name', message: expect.stringContaining(`${codePoint} `) },
      ],
    });
  });

  it.each([[' '], ['\u00a0\n']])('of spaces alone is none: %j', (name) => {
    expect(rejectionsOf(positionStated({ name }))).toEqual([['invalid-value', '/actors/0/name']]);
  });

  it('is measured in its one form', () => {
    expect(rejectionsOf(positionStated({ name: `${'u\u0308'.repeat(200)}   ` }))).toEqual([]);
    expect(rejectionsOf(positionStated({ name: 'ü'.repeat(201) }))).toEqual([['over-limit', '/actors/0/name']]);
  });

  describe.each(['__proto__', 'constructor', 'prototype', ' constructor '])('%j', (unsafe) => {
    const slug = unsafe.trim();
    it.each<[string, object]>([
      ['/actors/0/name', positionStated({ name: unsafe })],
      ['/counterparties/0/name', { ...positionStated({}), counterparties: [{ name: unsafe, kind: 'country' }] }],
      ['/host', { ...positionStated({}), type: 'host.agreed', host: unsafe }],
      ['/instrument', { ...positionStated({}), type: 'legislation.enacted', instrument: slug }],
      ['/terms/0/key', { ...positionStated({}), terms: [{ key: slug, value: 1 }] }],
      [
        '/figures/0/measure',
        { ...positionStated({}), figures: [{ measure: slug, value: 1, comparator: 'exact', unit: 'people' }] },
      ],
      ['/key', { ...positionStated({}), key: slug }],
    ])('cannot become part of the path of a field at %s', (pointer, input) => {
      expect(rejectionsOf(input).map(([, at]) => at)).toContain(pointer);
    });
  });
});

const examples = goldenExamples.filter(({ entry }) => entry.type !== REGISTERED);

type Path = readonly (string | number)[];

const textsIn = (value: Json, path: Path = []): readonly Path[] => {
  if (typeof value === 'string') return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]: [string, Json]) =>
    textsIn(member, [...path, Array.isArray(value) ? Number(name) : name]),
  );
};

function replaced(value: Json, [step, ...rest]: Path, change: (text: string) => string): Json {
  if (step === undefined) return typeof value === 'string' ? change(value) : value;
  if (Array.isArray(value))
    return value.map((item: Json, index) => (index === step ? replaced(item, rest, change) : item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]: [string, Json]) => [
      name,
      name === step ? replaced(member, rest, change) : member,
    ]),
  );
}

const FREE_TEXT = /(?:summary|note|reason)$|\/terms\/\d+\/value$/;

/** One of each text that a type of event can have, in an example of the first type that has it. */
function* kindsOfText(): Generator<readonly [reads: JsonObject, path: Path]> {
  const seen = new Set<string>();
  for (const { reads } of examples)
    for (const path of textsIn(reads)) {
      const kind = path.filter((step) => typeof step === 'string').join('.');
      if (!seen.has(kind)) yield [reads, path];
      seen.add(kind);
    }
}

describe('every text that an event can have', () => {
  it.each([...kindsOfText()].map(([reads, path]) => [pointerTo(path), reads, path] as const))(
    '%s is a free text, or read in one form, or refused with spaces around',
    (pointer, reads, path) => {
      const parsed = parseEventBody(
        replaced(reads, path, (text) => ` ${text}  `),
        ZONE,
      );
      if (parsed.ok && !FREE_TEXT.test(pointer)) expect(presentBody(parsed.body)).toEqual(read(reads));
    },
  );
});

describe('what was recorded before names had one form', () => {
  const old = { ...read(positionStated({ private: true })), title: 'Tu\u0308rkiye  talks' };

  it('is read in it, and its commitments stand', () => {
    const body = parseEventBody(positionStated({ private: true }), ZONE);
    if (!body.ok) throw new Error('The example is not an event.');
    const stored = toStoredBody(body.body, () => 'c2FsdA==');
    const value = 'Tu\u0308rkiye ';
    const bytes = JSON.stringify(stored.body);
    const event = fromStored({
      v: 1,
      id: 'id',
      key: 'a-position',
      type: 'position.stated',
      position: position(1),
      revision: revision(0),
      recordedAt: 0,
      body: stored.body,
      erasable: [{ pointer: '/actors/0/name', value }],
    });
    expect(event.body.actors?.[0]?.name).toBe('Türkiye');
    expect(JSON.stringify(stored.body)).toBe(bytes);
    expect(commitmentTo('Türkiye', 'c2FsdA==')).toBe(
      stored.erasable[0] && commitmentTo(stored.erasable[0].value, 'c2FsdA=='),
    );
  });

  it('a registration too', () => {
    const registration = registrationFromStored({
      v: 1,
      id: 'id',
      key: 'registered:toll',
      type: REGISTERED,
      position: position(1),
      revision: revision(0),
      recordedAt: 0,
      body: { slug: 'toll', title: String(old.title), kind: 'rule', jurisdiction: 'GB' },
      erasable: [],
    });
    expect(registration.title).toBe('Türkiye talks');
    expect(parseRegistration({ ...registration, title: ' Tu\u0308rkiye talks' })).toEqual({
      ok: true,
      value: registration,
    });
  });
});

describe('a field under its older name', () => {
  it('has its newer one in memory, at any depth of changes, and nothing else is touched', () => {
    expect(useCurrentNames({ key: 'a', embargoed: true })).toEqual({ key: 'a', forthcoming: true });
    expect(useCurrentNames({ embargoed: true, forthcoming: true })).toEqual({ forthcoming: true });
    expect(useCurrentNames({ changes: { note: 'x', changes: { embargoed: null } } })).toEqual({
      changes: { note: 'x', changes: { forthcoming: null } },
    });
    const plain = { key: 'a', forthcoming: true, changes: null };
    expect(useCurrentNames(plain)).toBe(plain);
  });

  it('is shown beside the newer one', () => {
    expect(addOlderNames({ key: 'a', forthcoming: false })).toEqual({
      key: 'a',
      forthcoming: false,
      embargoed: false,
    });
    expect(addOlderNames({ key: 'a' })).toEqual({ key: 'a' });
  });

  it('must say what the newer one says', () => {
    expect(olderNameFaults({ embargoed: true, forthcoming: true, changes: { embargoed: true } })).toEqual([]);
    const faults = olderNameFaults({
      embargoed: true,
      forthcoming: false,
      changes: { embargoed: null, forthcoming: true, changes: { embargoed: true, forthcoming: null } },
    });
    expect(faults.map(({ pointer }) => pointer)).toEqual([
      '/embargoed',
      '/changes/embargoed',
      '/changes/changes/embargoed',
    ]);
  });
});

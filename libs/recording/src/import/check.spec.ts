import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { announcementsOf, recordsOf } from '../../../../test/support/events/recording.js';
import { RECORDS_ABOUT, instant } from '#domain';
import { createMemoryEventLog } from '#event-log';
import { Turns } from '#runtime/turns';
import { PolicyGraphs } from '../policies/policy-graphs.js';
import { PolicyNames } from '../policies/policy-names.js';
import { type Candidate, readLine } from './candidates.js';
import { Check } from './check.js';
import { splitInputLines } from './input/lines.js';
import { Spool } from './input/spool.js';

const range = (length: number): readonly number[] => Array.from({ length }, (_each, index) => index);

const day = (index: number): string =>
  new Date(Date.UTC(2000, 0, 1 + index)).toISOString().slice(0, '2000-01-01'.length);

const linked = (rel: string, ...keys: readonly string[]) => ({ links: keys.map((to) => ({ rel, to })) });

const event = announcementsOf('toll', { occurred: '2024' });

const aboutRecord = recordsOf('toll');

const corrected = (key: string, target: string, changes: object) =>
  aboutRecord('record.corrected', key, target, { changes });

const chain = (lines: number): readonly object[] =>
  range(lines).map((at) => (at === 0 ? event('r0') : aboutRecord('record.retracted', `r${at}`, `r${at - 1}`)));

const series = (lines: number): readonly object[] =>
  range(lines).map((at) => event(`e${at}`, at === 0 ? {} : linked('follows', `e${at - 1}`)));

/** Lines of each shape that made a check quadratic, or could. */
const shapes: Readonly<Record<string, (lines: number) => readonly object[]>> = {
  'a chain of retractions': chain,
  'a chain of retractions, turned round': (lines) => chain(lines).toReversed(),
  'corrections of one event': (lines) =>
    range(lines).map((at) => (at === 0 ? event('e') : corrected(`c${at}`, 'e', { note: 'x' }))),
  'corrections of corrections': (lines) =>
    range(lines).map((at) => {
      const [root, place] = [at - (at % 3), at % 3];
      if (place === 0) return event(`e${at}`);
      if (place === 1) return corrected(`c${at}`, `e${root}`, { occurred: day(at) });
      return corrected(`c${at}`, `c${root + 1}`, { changes: { occurred: day(at) } });
    }),
  'a series that follows': series,
  'a series that follows, turned round': (lines) => series(lines).toReversed(),
  'days that follow one event': (lines) =>
    range(lines).map((at) => event(`e${at}`, { occurred: day(at), ...(at === 0 ? {} : linked('follows', 'e0')) })),
  'events that refine the date of one': (lines) =>
    range(lines).map((at) => event(`e${at}`, at === 0 ? {} : linked('refines-date-of', 'e0'))),
  'cliques that follow': (lines) =>
    range(lines).map((at) => event(`e${at}`, linked('follows', ...range(at % 8).map((back) => `e${at - back - 1}`)))),
  'a ring of links': (lines) => range(lines).map((at) => event(`e${at}`, linked('about', `e${(at + 1) % lines}`))),
  'corrections of one event that bring follows': (lines) =>
    range(lines).map((at) =>
      at % 2 === 0 ? event(`e${at}`) : corrected(`c${at}`, 'e0', linked('follows', `e${at - 1}`)),
    ),
  'lines that hang on a rejected one': (lines) =>
    range(lines).map((at) => event(`e${at}`, at === 0 ? { publishedAt: '2090-01-01' } : linked('about', 'e0'))),
  'a chain that hangs on a rejected line': (lines) =>
    range(lines).map((at) => event(`e${at}`, at === 0 ? { publishedAt: '2090-01-01' } : linked('about', `e${at - 1}`))),
  'one line again and again': (lines) => range(lines).map((at) => event('e', { note: at % 2 === 0 ? 'x' : 'y' })),
};

/** Counts how often its owner looks whether the turn is over. */
class CountedTurns extends Turns {
  looks = 0;

  override get isOver(): boolean {
    this.looks += 1;
    return false;
  }
}

/** Counts the look-ups in maps and sets while work is done. */
async function lookUpsOf(work: () => Promise<unknown>): Promise<number> {
  let lookUps = 0;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- each is called with the `this` that it was called with
  const [{ get, set }, { has }] = [Map.prototype, Set.prototype];
  Map.prototype.get = function (key: unknown) {
    lookUps += 1;
    return get.call(this, key) as unknown;
  };
  Map.prototype.set = function (key: unknown, value: unknown) {
    lookUps += 1;
    return set.call(this, key, value);
  };
  Set.prototype.has = function (value: unknown) {
    lookUps += 1;
    return has.call(this, value);
  };
  try {
    await work();
  } finally {
    Object.assign(Map.prototype, { get, set });
    Object.assign(Set.prototype, { has });
  }
  return lookUps;
}

/** More than any limit lets through. */
const FEW = 220;

const NOW = instant(Date.parse('2026-11-24T12:00:00Z'));

/** What it takes to check lines: how often the log and the spool are read, and how often something is looked up. */
async function stepsFor(lines: readonly object[]): Promise<{ readonly readings: number; readonly lookUps: number }> {
  const log = createMemoryEventLog(() => NOW);
  const registration = { slug: 'toll', title: 'Toll', kind: 'scheme', jurisdiction: 'GB' };
  const text = [{ policy: registration }, ...lines].map((line) => JSON.stringify(line)).join('\n');
  const spool = new Spool();
  const candidates: Candidate[] = [];
  for await (const line of splitInputLines(Readable.from([Buffer.from(text)]))) {
    const found = await readLine(line, { spool, zone: 'UTC', slugs: new Map() });
    if ('candidate' in found) candidates.push(found.candidate);
  }
  let readings = 0;
  const [readKeys, read] = [log.readKeys.bind(log), spool.read.bind(spool)];
  log.readKeys = (keys) => {
    readings += 1;
    return readKeys(keys);
  };
  spool.read = (piece) => {
    readings += 1;
    return read(piece);
  };
  const turns = new CountedTurns();
  const needs = { log, zone: 'UTC', now: () => NOW, newSalt: () => 'c2FsdA==', spool, turns };
  const check = new Check({ ...needs, names: new PolicyNames(needs), graphs: new PolicyGraphs(log) });
  const lookUps = await lookUpsOf(() => check.run(candidates, new Map()));
  await spool.close();
  return { readings, lookUps: lookUps + turns.looks };
}

describe('a check', () => {
  it.each(Object.entries(shapes))('takes steps in proportion to its lines for %s', async (_shape, linesOfShape) => {
    const few = await stepsFor(linesOfShape(FEW));
    const many = await stepsFor(linesOfShape(2 * FEW));
    expect(many.readings / few.readings).toBeLessThan(2.2);
    expect(many.lookUps / few.lookUps).toBeLessThan(2.4);
  });

  it('works out one body, not the policy, for each correction of a date', async () => {
    const { lookUps } = await stepsFor([
      event('e'),
      ...range(RECORDS_ABOUT).map((at) => corrected(`c${at}`, 'e', { occurred: day(at) })),
    ]);
    const readBefore = (RECORDS_ABOUT * RECORDS_ABOUT) / 2;
    expect(lookUps / readBefore).toBeLessThan(40);
  });
});

import { describe, expect, it } from '@jest/globals';
import { parseEventBody } from '#domain';
import { Ledger } from '#temporal';
import { recordedAs } from '../../../../test/support/events/recorded-event.js';
import { type ImportedLine, unkindShapes } from '../../../../test/support/events/unkind-shapes.js';
import { projections } from './registry.js';

/** A part of the short form of `npm run unkind`: what is written for one event with many records about it. */
const SIZES = [50, 100, 200];
const MOST_GROWTH = 1.2;

const shapes = unkindShapes.filter(({ name }) => /^(corrections-star|retractions-star|sources-one-event)/.test(name));

describe.each(shapes)('an event with twice as many $name', ({ lines }) => {
  const written = SIZES.map((size) => writtenFor(lines(size, 'one').filter(({ policy }) => policy === 'one-0')));

  it.each(['rows', 'characters'] as const)('has no more than twice as many %s in the read models', (what) => {
    const growths = written.slice(1).map((twice, index) => twice[what] / (written[index]?.[what] ?? 0) / 2);
    expect(Math.max(...growths)).toBeLessThan(MOST_GROWTH);
  });
});

/** What the read models write for the events of one policy, recorded one by one. */
function writtenFor(lines: readonly ImportedLine[]): { readonly rows: number; readonly characters: number } {
  const ledger = new Ledger();
  let [rows, characters] = [0, 0];
  for (const [index, line] of lines.entries()) {
    const parsed = parseEventBody(line, 'Europe/London');
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.rejections));
    const event = recordedAs(parsed.body, index);
    const { key, position } = event;
    const change = { policy: 1, slug: 'one', partition: 0, position, key, event, change: ledger.append(event) };
    const inserts = projections.flatMap((model) => model.changesOf(change)).flatMap((table) => table.inserts);
    rows += inserts.length;
    characters += inserts.reduce((sum, { columns }) => sum + JSON.stringify(columns).length, 0);
  }
  return { rows, characters };
}

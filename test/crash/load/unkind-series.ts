import { type ImportedLine, unkindShapes } from '../../support/events/unkind-shapes.js';
import type { Random } from './random.js';

/** Shapes of which a series may be, with the largest size: all within the limits of recording. */
const LARGEST: Readonly<Record<string, number>> = {
  'retractions-chain-day': 32,
  'retractions-chain-late': 32,
  'corrections-chain-late': 32,
  'corrections-star-late': 30,
  'sources-one-event-late': 15,
  'follows-chain-late': 80,
  'follows-chain-late-vague': 20,
  'follows-star-late-vague': 60,
  'follows-clique-vague': 21,
  'follows-band-late': 40,
  'refines-date-of-star-late': 60,
  'one-late-follows-chain-vague': 60,
  'ties-day': 80,
  'ties-vague': 80,
};

/** Those that can be recorded line by line: none links to a later one. */
const IN_ORDER = Object.keys(LARGEST).filter((name) => !/follows-.*-late|refines-.*-late/.test(name));

const PREFIX = 'unkind';

/** A random unkind shape of a random size, as events of one policy in order. */
export const unkindLines = (random: Random): readonly ImportedLine[] => linesOf(Object.keys(LARGEST), random);

/** Likewise, but each links to earlier ones alone, so that recording takes each line by itself. */
export const unkindLinesInOrder = (random: Random): readonly ImportedLine[] => linesOf(IN_ORDER, random);

function linesOf(names: readonly string[], random: Random): readonly ImportedLine[] {
  const name = names[random.between(0, names.length - 1)] ?? '';
  const shape = unkindShapes.find((each) => each.name === name);
  if (!shape) throw new Error(`There is no unkind shape ${name}.`);
  const most = LARGEST[name] ?? 1;
  const size = random.between(Math.ceil(most / 4), most);
  const lines = [...(shape.before?.(size, PREFIX) ?? []), ...shape.lines(size, PREFIX)];
  return lines.filter(({ policy }) => policy === `${PREFIX}-0`);
}

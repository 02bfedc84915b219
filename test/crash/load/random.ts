/** Numbers that look random and repeat for a seed. */
export interface Random {
  /** From 0 up to, but not including, 1. */
  share(): number;
  /** A whole number, both ends included. */
  between(least: number, most: number): number;
  chance(probability: number): boolean;
  /** A kind, as often as its weight says. */
  weighted<Kind extends string>(weights: Readonly<Record<Kind, number>>): Kind;
}

/** Repeats for the seed, on every machine (Mulberry32, T. Ettinger). */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const share = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    share,
    between: (least, most) => least + Math.floor(share() * (most - least + 1)),
    chance: (probability) => share() < probability,
    weighted: (weights) => {
      const kinds = Object.keys(weights) as (keyof typeof weights)[];
      const total = kinds.reduce((sum, kind) => sum + weights[kind], 0);
      let left = share() * total;
      const found = kinds.find((kind) => (left -= weights[kind]) < 0) ?? kinds.at(-1);
      if (found === undefined) throw new Error('There is nothing to choose from.');
      return found;
    },
  };
}

/** The item that a share from 0 to 1 falls on. */
export const itemAt = <Item>(items: readonly Item[], share: number): Item | undefined =>
  items[Math.floor(share * items.length)];

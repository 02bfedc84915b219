import type { LaneEpistemic, LaneEvent, LaneModality } from './lane-input.js';

/** What the mark of an event says beside what happened: each has a sign and a word. */
export const TRAITS = [
  { trait: 'isReversal', sign: '⤺', word: 'reversal' },
  { trait: 'isConflicting', sign: '≠', word: 'in conflict' },
  { trait: 'isCorrected', sign: '✎', word: 'corrected since' },
  { trait: 'isRetracted', sign: '✕', word: 'retracted' },
  { trait: 'isAnomalous', sign: '?', word: 'anomaly' },
] as const satisfies readonly { readonly trait: keyof LaneEvent; readonly sign: string; readonly word: string }[];

/** How events look, as bits: those of several together are what any of them shows. */
export type Looks = number;

const EPISTEMIC_BITS: Readonly<Record<LaneEpistemic, Looks>> = {
  confirmed: 1 << 5,
  reported: 1 << 6,
  claimed: 1 << 7,
  disputed: 1 << 8,
  denied: 1 << 9,
};
const ALL_EPISTEMICS = 0b11111 << 5;

const MODALITY_BITS: Readonly<Record<LaneModality, Looks>> = {
  actual: 1 << 10,
  planned: 1 << 11,
  conditional: 1 << 12,
};
const ALL_MODALITIES = 0b111 << 10;

const APPROXIMATE = 1 << 13;

/** The looks of one event. */
export const looksOf = (event: LaneEvent): Looks =>
  TRAITS.reduce((looks, { trait }, index) => (event[trait] ? looks | (1 << index) : looks), 0) |
  EPISTEMIC_BITS[event.epistemic] |
  MODALITY_BITS[event.modality] |
  (event.isApproximate ? APPROXIMATE : 0);

const SIGNED = (1 << TRAITS.length) - 1;

/** The signs of all traits among the events, each once; `≈` where a date is approximate. */
export function signsOf(looks: Looks): string {
  const signed = looks & (SIGNED | APPROXIMATE);
  if (signed === 0) return '';
  const known = written.get(signed);
  if (known !== undefined) return known;
  const signs = TRAITS.filter((_, index) => signed & (1 << index)).map(({ sign }) => sign);
  const text = [...signs, ...(signed & APPROXIMATE ? ['≈'] : [])].join('');
  written.set(signed, text);
  return text;
}

// There are few sets of signs, and every frame writes each of them many times.
const written = new Map<Looks, string>();

/** True where one of the events is as sure as that. */
export const includesEpistemic = (looks: Looks, epistemic: LaneEpistemic): boolean =>
  (looks & EPISTEMIC_BITS[epistemic]) !== 0;

/** True where none of the events is more or less sure. */
export const isAllEpistemic = (looks: Looks, epistemic: LaneEpistemic): boolean =>
  (looks & ALL_EPISTEMICS) === EPISTEMIC_BITS[epistemic];

/** True where one of the events has happened. */
export const includesActual = (looks: Looks): boolean => (looks & MODALITY_BITS.actual) !== 0;

/** True where all of the events depend on something. */
export const isAllConditional = (looks: Looks): boolean => (looks & ALL_MODALITIES) === MODALITY_BITS.conditional;

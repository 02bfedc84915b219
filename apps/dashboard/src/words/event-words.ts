import { inWords } from './words.js';

/** What an event is marked with in lists: the same words wherever it stands. */
interface EventMark {
  /** Also names the class by which it is drawn. */
  readonly kind: 'retracted' | 'corrected' | 'planned' | 'conditional' | 'claimed' | 'denied' | 'undated';
  readonly words: string;
}

/** What the marks of an event follow from. */
export interface MarkedEvent {
  readonly epistemic?: string | undefined;
  readonly modality?: string | undefined;
  readonly correctedBy?: readonly string[] | undefined;
  readonly retractedBy?: readonly string[] | undefined;
  readonly dating?: { readonly settled: string | null } | undefined;
}

/** The marks of an event; none where it is confirmed, dated and untouched since. */
export function marksOf({ epistemic, modality, correctedBy, retractedBy, dating }: MarkedEvent): readonly EventMark[] {
  return [
    ...(isAny(retractedBy) ? [{ kind: 'retracted', words: 'retracted' } as const] : []),
    ...(isAny(correctedBy) ? [{ kind: 'corrected', words: 'corrected since' } as const] : []),
    ...(modality === 'planned' ? [{ kind: 'planned', words: 'planned' } as const] : []),
    ...(modality === 'conditional' ? [{ kind: 'conditional', words: 'conditional' } as const] : []),
    ...(epistemic === 'denied' ? [{ kind: 'denied', words: 'denied' } as const] : []),
    ...(epistemic !== undefined && ['claimed', 'reported', 'disputed'].includes(epistemic)
      ? [{ kind: 'claimed', words: epistemic } as const]
      : []),
    ...(dating?.settled === null ? [{ kind: 'undated', words: 'date not settled' } as const] : []),
  ];
}

const isAny = (keys: readonly string[] | undefined): boolean => keys !== undefined && keys.length > 0;

/** A type of event in words: "policy.announced" as "policy announced". */
export const typeInWords = (type: string): string => inWords(type.replaceAll('.', ' '));

/** The name of a field of a body in words: "plannedFor" as "planned for". */
export const fieldName = (field: string): string =>
  inWords(field).replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const BACKWARDS: Readonly<Record<string, string>> = {
  about: 'is spoken of by',
  corroborates: 'is corroborated by',
  contradicts: 'is contradicted by',
  disputes: 'is disputed by',
  denies: 'is denied by',
  falsifies: 'is shown to be false by',
  follows: 'is followed by',
  fulfils: 'is fulfilled by',
  'part-of': 'includes',
  'refines-date-of': 'is dated by',
  'responds-to': 'is answered by',
  supersedes: 'is superseded by',
};

/** A relation in words, read from the event that has the link, or from the one that it points to. */
export const relationInWords = (relation: string, direction: 'forwards' | 'backwards'): string =>
  direction === 'forwards' ? inWords(relation) : (BACKWARDS[relation] ?? `${inWords(relation)}, seen from`);

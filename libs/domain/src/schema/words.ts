/** The closed list of statuses; the other lists follow. */
export const STATUSES = [
  'proposed',
  'announced',
  'consulting',
  'exploring',
  'in-development',
  'under-negotiation',
  'stalled',
  'no-agreement',
  'agreed',
  'in-preparation',
  'legislating',
  'enacted',
  'in-pilot',
  'in-operation',
  'disrupted',
  'blocked',
  'paused',
  'sought',
  'superseded',
  'ended',
  'scrapped',
] as const;
export type Status = (typeof STATUSES)[number];

export const STANCES = ['support', 'oppose', 'conditional', 'refuse', 'noncommittal'] as const;
export type Stance = (typeof STANCES)[number];

export const EPISTEMICS = ['confirmed', 'reported', 'claimed', 'disputed', 'denied'] as const;
export type Epistemic = (typeof EPISTEMICS)[number];

export const RELS = [
  'about',
  'corroborates',
  'contradicts',
  'disputes',
  'denies',
  'falsifies',
  'follows',
  'fulfils',
  'part-of',
  'refines-date-of',
  'responds-to',
  'supersedes',
] as const;
export type Rel = (typeof RELS)[number];

export const GENRES = [
  'official',
  'news',
  'opinion',
  'analysis',
  'statistics',
  'court',
  'parliamentary',
  'research',
  'leak',
  'social',
] as const;
export type Genre = (typeof GENRES)[number];

export const POLICY_KINDS = [
  'scheme',
  'agreement',
  'target',
  'rule',
  'law',
  'institution',
  'operation',
  'pledge',
  'series',
] as const;
export type PolicyKind = (typeof POLICY_KINDS)[number];

export const ACTOR_KINDS = ['person', 'organisation', 'country', 'bloc', 'group'] as const;
export type ActorKind = (typeof ACTOR_KINDS)[number];

export const COMPARATORS = ['exact', 'at-least', 'at-most', 'approx', 'nearly', 'vague'] as const;
export type Comparator = (typeof COMPARATORS)[number];

export const MODALITIES = ['actual', 'planned', 'conditional'] as const;
export type Modality = (typeof MODALITIES)[number];

export const OUTCOMES = ['lawful', 'unlawful', 'partly'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The policy of events about the service as a whole: no policy can have this slug. */
export const SERVICE = '-service';

/** The type that records that the log was restored to an older state, so that its readers know. */
export const ROLLBACK_ACCEPTED = 'operation.rollback-accepted';

/** True for the types that are about other records or the service, and assert nothing themselves. */
export const speaksOfRecords = (type: string): boolean =>
  type.startsWith('record.') || type.startsWith('source.') || type.startsWith('operation.');

/** True when a unit counts money in a currency of ISO 4217, such as `GBP` or `EUR-per-person`. */
export const isMoney = (unit: string): boolean => CURRENCIES.has(unit.split(/[-/]/)[0] ?? '');

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** The closed lists of words that bodies use. */
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

/** ISO 3166-1 or 3166-2, or EU. */
export type Jurisdiction = string;

import type {
  ActorKind,
  Comparator,
  Epistemic,
  Genre,
  Modality,
  Outcome,
  PolicyKind,
  Rel,
  Stance,
  Status,
} from './words.js';

/** The meaning of each word of a closed list: when to use it. */
type Meanings<Word extends string> = Readonly<Record<Word, string>>;

const status: Meanings<Status> = {
  proposed: 'Someone put it forward; the responsible authority has not decided.',
  announced: 'The responsible authority said that it will happen; nothing is in force yet.',
  consulting: 'A consultation on it is open.',
  exploring: 'The authority is examining whether and how to do it, without a decision.',
  'in-development': 'It is decided in principle and being worked out.',
  'under-negotiation': 'Its terms are being negotiated.',
  stalled: 'Negotiations or work have stopped making progress, but have not ended.',
  'no-agreement': 'Negotiations ended without an agreement.',
  agreed: 'The parties have agreed; it is not in force yet.',
  'in-preparation': 'It is decided and being prepared: sites, staff, contracts, a pilot.',
  legislating: 'A bill that it needs is before the legislature.',
  enacted: 'The law has been passed; it is not in force yet.',
  'in-pilot': 'It runs as a pilot, limited in place, time or number.',
  'in-operation': 'It is in force, or being carried out.',
  disrupted: 'It is in force, but something keeps it from working as intended.',
  blocked: 'A court or another body prevents it for the time being.',
  paused: 'The responsible authority suspended it temporarily.',
  sought: 'The authority wants it, but depends on others who have not agreed to it.',
  superseded: 'Another policy has replaced it.',
  ended: 'It expired, was terminated, or reached its planned end.',
  scrapped: 'The responsible authority abandoned it.',
};

const stance: Meanings<Stance> = {
  support: 'Is for it.',
  oppose: 'Is against it.',
  conditional: 'Would support or accept it on conditions that they name.',
  refuse: 'Will not take part, or will not do what is asked of them.',
  noncommittal: 'Answered without taking a side.',
};

const epistemic: Meanings<Epistemic> = {
  confirmed: 'The responsible body says so itself, or one of its own documents shows it.',
  reported: 'A source reports it as a fact; the responsible body has not confirmed it.',
  claimed: 'Someone asserts it, and the source does not vouch for it.',
  disputed: 'Someone in a position to know contradicts it.',
  denied: 'The person or body concerned denies it.',
};

const modality: Meanings<Modality> = {
  actual: 'It has happened. The default.',
  planned: 'It is intended or announced, and has not happened yet.',
  conditional: 'It depends on something that may not happen.',
};

const rel: Meanings<Rel> = {
  about: 'Concerns the other event; use it where no other word fits.',
  corroborates: 'Supports what the other event says, with evidence or another source.',
  contradicts: 'Cannot be true together with the other event.',
  disputes: 'Doubts what the other event says, or gives a different account.',
  denies: 'Denies what the other event says; used for a denial by the person or body concerned.',
  falsifies: 'Shows that the other event was wrong, or that what it planned or forecast did not happen.',
  follows: 'Happened after the other event. It narrows the dates of both.',
  fulfils: 'What the other event planned, promised or forecast has happened.',
  'part-of': 'Is part of the other event, such as one day of a summit.',
  'refines-date-of': 'Gives a more precise date for the other event. It changes that date.',
  'responds-to': 'Answers the other event.',
  supersedes: 'Replaces the other event with a newer figure, plan, forecast or claim.',
};

const genre: Meanings<Genre> = {
  official: 'A statement or document of a government or another responsible body.',
  news: 'A news report.',
  opinion: 'A comment, an editorial or a guest article.',
  analysis: 'An article that explains or investigates and reaches its own judgement.',
  statistics: 'A statistical release or data set.',
  court: 'A judgment, order or other document of a court.',
  parliamentary: 'A bill, debate, question or committee report.',
  research: 'A study by a university, institute or think tank.',
  leak: 'A document published without the consent of its author.',
  social: 'A post on a social network.',
};

const kind: Meanings<PolicyKind> = {
  scheme: 'A programme with its own rules and administration: a toll, a grant, a permit.',
  agreement: 'A treaty, deal or memorandum between parties.',
  target: 'A result to be achieved.',
  rule: 'A regulation, a requirement or guidance.',
  law: 'A bill or an act.',
  institution: 'A body, an office or a court.',
  operation: 'A campaign or action of limited duration.',
  pledge: 'A promise that no scheme delivers yet.',
  series: 'A set of figures that is published regularly.',
};

const actorKind: Meanings<ActorKind> = {
  person: 'An individual.',
  organisation: 'A ministry, company, party, union, court or newspaper.',
  country: 'A state, or its government acting for it.',
  bloc: 'An alliance or union of states.',
  group: 'People without an organisation, such as residents or backbenchers.',
};

const comparator: Meanings<Comparator> = {
  exact: 'The number itself.',
  'at-least': 'This number or more: “more than”, “over”.',
  'at-most': 'This number or less: “up to”, “under”.',
  approx: 'About this number: up to a tenth more or less.',
  nearly: 'Slightly less than this number: up to a tenth less.',
  vague: 'A magnitude without a number: “dozens”, “many”. It conflicts with no other figure.',
};

const outcome: Meanings<Outcome> = {
  lawful: 'The policy may stand.',
  unlawful: 'The policy may not stand.',
  partly: 'Part of it is unlawful.',
};

/** The closed lists of words, by the name of the field that takes them, each word with its meaning. */
export const WORD_MEANINGS = {
  status,
  stance,
  epistemic,
  modality,
  rel,
  genre,
  kind,
  actorKind,
  comparator,
  outcome,
} as const;

/** A description of a field that takes one word of a list: what it is for, then each word with its meaning. */
export const describeWords = (purpose: string, meanings: Meanings<string>): string =>
  [purpose, '', ...Object.entries(meanings).map(([word, meaning]) => `- \`${word}\`: ${meaning}`)].join('\n');

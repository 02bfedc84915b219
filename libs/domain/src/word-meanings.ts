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

/** What each word of one closed list means: when to use it. */
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
  paused: 'The responsible authority suspended it for a time.',
  sought: 'The authority wants it, but depends on others who have not agreed to it.',
  superseded: 'Another policy has replaced it.',
  ended: 'It expired, was terminated, or came to its planned end.',
  scrapped: 'The responsible authority gave it up.',
};

const stance: Meanings<Stance> = {
  support: 'Is for it.',
  oppose: 'Is against it.',
  conditional: 'Would support or accept it under conditions that they name.',
  refuse: 'Will not take part, or will not do what is asked of them.',
  noncommittal: 'Answered without taking a side.',
};

const epistemic: Meanings<Epistemic> = {
  confirmed: 'The body responsible says so itself, or a document of its own shows it.',
  reported: 'A source reports it as a fact; nobody responsible has confirmed it.',
  claimed: 'Someone asserts it, and the source does not vouch for it.',
  disputed: 'Someone in a position to know contradicts it.',
  denied: 'Whoever it concerns denies it.',
};

const modality: Meanings<Modality> = {
  actual: 'It has happened. The default.',
  planned: 'It is intended or announced, and has not happened yet.',
  conditional: 'It depends on something that may not happen.',
};

const rel: Meanings<Rel> = {
  about: 'Concerns the other event; use it where no other word fits.',
  corroborates: 'Supports what the other event says, by evidence or a further source.',
  contradicts: 'Cannot be true together with the other event.',
  disputes: 'Doubts what the other event says, or gives another account.',
  denies: 'Denies what the other event says; for those whom it concerns.',
  falsifies: 'Shows that the other event was wrong, or that what it planned or forecast did not happen.',
  follows: 'Happened after the other event. It dates both.',
  fulfils: 'What the other event planned, promised or forecast has happened.',
  'part-of': 'Is a part of the other event, such as one day of a summit.',
  'refines-date-of': 'Gives a closer date for the other event. It changes that date.',
  'responds-to': 'Answers the other event.',
  supersedes: 'Takes the place of the other event: a newer figure, plan, forecast or claim.',
};

const genre: Meanings<Genre> = {
  official: 'A statement or document of a government or of another body responsible.',
  news: 'A news report.',
  opinion: 'A comment, an editorial or a guest article.',
  analysis: 'An article that explains or investigates, with a judgement of its own.',
  statistics: 'A statistical release or data set.',
  court: 'A judgment, an order or another document of a court.',
  parliamentary: 'A bill, debate, question or committee report.',
  research: 'A study of a university, institute or think tank.',
  leak: 'A document published without the consent of whoever wrote it.',
  social: 'A post on a social network.',
};

const kind: Meanings<PolicyKind> = {
  scheme: 'A programme that is run: a toll, a grant, a permit.',
  agreement: 'A treaty, deal or memorandum between parties.',
  target: 'A result that is to be reached.',
  rule: 'A regulation, a requirement or guidance.',
  law: 'A bill or an act.',
  institution: 'A body, an office or a court.',
  operation: 'A campaign or action of limited duration.',
  pledge: 'A promise that no scheme stands behind yet.',
  series: 'A set of figures that is published again and again.',
};

const actorKind: Meanings<ActorKind> = {
  person: 'One human being.',
  organisation: 'A ministry, company, party, union, court or newspaper.',
  country: 'A state, or its government acting for it.',
  bloc: 'An alliance or union of states.',
  group: 'People without an organisation, such as residents or backbenchers.',
};

const comparator: Meanings<Comparator> = {
  exact: 'The number itself.',
  'at-least': 'This number or more: “more than”, “over”.',
  'at-most': 'This number or less: “up to”, “under”.',
  approx: 'About this number, by up to a tenth either way.',
  nearly: 'Slightly less than this number, by up to a tenth.',
  vague: 'A magnitude without a number: “dozens”, “many”. It contradicts no other figure.',
};

const outcome: Meanings<Outcome> = {
  lawful: 'The policy may stand.',
  unlawful: 'The policy may not stand.',
  partly: 'A part of it is unlawful.',
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

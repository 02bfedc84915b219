import * as z from 'zod/mini';
import type { EntryValue } from '#event-log/canonical';
import { type AcceptedRollback, listUnprovenRollbacks } from '../notes/rollbacks.js';
import type { AnswerDocument } from './answer-document.js';
import type { Question } from './question.js';

/** What the proof of a list shows. */
export const shownRows = z.looseObject({
  first: z.int().check(z.minimum(1)),
  count: z.int(),
  items: z.array(z.json()),
});

interface Proven {
  readonly answer: AnswerDocument;
  /** Of the log. */
  readonly size: number;
  readonly isKeyGiven: boolean;
}

/** Sentences: what an answer that verifies shows. */
export function sayProven({ answer, size, isKeyGiven }: Proven): readonly string[] {
  return [
    `The policy's ${answer.entries.length} entries are all there were when the log had ${size}, and unchanged.`,
    answer.question === undefined || answer.question.of === 'difference'
      ? 'Folded again they give exactly this answer.'
      : `Folded again they give exactly these rows: ${rowsShown(answer.shown)}.`,
    `The signature is that of the key ${isKeyGiven ? 'you gave' : 'the answer names'}.`,
  ];
}

function rowsShown(shown: EntryValue): string {
  const rows = shownRows.safeParse(shown);
  if (!rows.success) return 'none';
  const { first, count, items } = rows.data;
  return items.length === 0 ? `none of ${count}` : `${first} to ${first - 1 + items.length} of ${count}`;
}

interface Unproven {
  readonly rollbacks: readonly AcceptedRollback[];
  readonly isKeyGiven: boolean;
  readonly question: Question | undefined;
  readonly isServed: boolean;
  readonly isErased: boolean;
}

/** Sentences: what no answer can show. */
export function sayUnproven({ isKeyGiven, question, isServed, isErased, rollbacks }: Unproven): readonly string[] {
  return [
    ...listUnprovenRollbacks(rollbacks),
    ...(isKeyGiven ? [] : ['Whose log this is: the key came with the answer. Give the key you know from elsewhere.']),
    ...(isServed ? [unprovenIn(question)] : []),
    'That this is the newest: later checkpoints may exist, with more entries.',
    'That others were shown the same log: compare checkpoints with theirs.',
    'That the digest of stream heads is right for other streams: an export shows it.',
    'That the operator recorded everything, and that what was recorded is true.',
    ...(isErased ? ['That the texts shown as erased were erased: they may have been left out.'] : []),
  ];
}

function unprovenIn(question: Question | undefined): string {
  switch (question?.of) {
    case undefined:
      return 'What the answer says beside state, uncertainties and number of events, like title, aliases and blame.';
    case 'figures':
      return 'What conflicts with the figures and what supersedes them, in which other policies play a part; the title of the policy.';
    case 'events':
    case 'positions':
    case 'negotiations':
    case 'difference':
      return 'What the answer says beside its coordinate and rows, like the title of the policy.';
  }
}

import * as z from 'zod/mini';
import { type EntryObject, type EntryValue, canonicalJson } from '#event-log/canonical';
import { type ParseResult, read, unreadable } from '../primitives/parse-result.js';
import { type AnswerDocument, answerSchema, issueOf, parseAnswer } from './answer-document.js';
import { writtenInstant } from './question.js';
import { asJson } from './recount/recount.js';

const servedCoordinate = z.looseObject({
  recordedAt: z.looseObject({ position: z.int() }),
  knownAt: writtenInstant,
  validAt: writtenInstant,
});

const frame = { meta: z.looseObject({ fold: z.int() }), proof: answerSchema };

// What else answers say, like the policy's title, is not proven and not looked at.
const stateAnswer = z.looseObject({
  policy: z.string(),
  coordinate: servedCoordinate,
  state: z.json(),
  uncertain: z.json(),
  eventCount: z.int(),
  ...frame,
});

const row = z.record(z.string(), z.json());

const listAnswer = z.looseObject({
  items: z.array(row),
  next: z.nullable(z.string()),
  coordinate: servedCoordinate,
  ...frame,
});

const differenceAnswer = z.looseObject({
  from: servedCoordinate,
  to: servedCoordinate,
  changes: z.json(),
  added: z.json(),
  removed: z.json(),
  ...frame,
});

/** Members that answers say, and what their proof shows. */
type Pair = readonly [member: string, said: unknown, proven: EntryValue | undefined];

/** An answer as it is served with its proof. */
interface ServedAnswer {
  readonly proof: AnswerDocument;
  /** What it says that its proof is about; undefined for a proof alone. */
  readonly pairs?: readonly Pair[];
}

/** Reads an answer that carries its proof, or the proof alone. */
export function parseServed(json: unknown): ParseResult<ServedAnswer> {
  if (typeof json !== 'object' || json === null || !('proof' in json)) {
    const alone = parseAnswer(json);
    return alone.ok ? read({ proof: alone.value }) : alone;
  }
  if ('items' in json) return readAs(listAnswer, json, pairsOfList);
  return 'changes' in json
    ? readAs(differenceAnswer, json, pairsOfDifference)
    : readAs(stateAnswer, json, pairsOfState);
}

/** The first member of a served answer that is not that of its proof; undefined where all are. */
export const memberThatDiffers = (pairs: readonly Pair[]): string | undefined =>
  pairs.find(([, said, proven]) => proven === undefined || canonicalJson(said) !== canonicalJson(proven))?.[0];

function readAs<Served extends { readonly proof: AnswerDocument }>(
  schema: z.ZodMiniType<Served>,
  json: unknown,
  pairsOf: (served: Served) => readonly Pair[],
): ParseResult<ServedAnswer> {
  const parsed = schema.safeParse(json);
  if (!parsed.success) return unreadable(issueOf(parsed.error));
  return read({ proof: parsed.data.proof, pairs: pairsOf(parsed.data) });
}

function pairsOfState({ proof, policy, coordinate, meta, ...said }: z.infer<typeof stateAnswer>): readonly Pair[] {
  const { shown } = proof;
  return [
    ['policy', policy, proof.policy],
    ['at', writtenAs(coordinate), proof.at],
    ['fold', meta.fold, proof.fold],
    ['state', said.state, memberOf(shown, 'state')],
    ['uncertain', said.uncertain, memberOf(shown, 'uncertain')],
    ['eventCount', said.eventCount, memberOf(shown, 'eventCount')],
  ];
}

/** What rows say in which other policies, or the reader, play a part. */
const UNPROVEN_IN_ROWS: ReadonlySet<string> = new Set([
  'policyTitle',
  'conflicts',
  'conflictsWith',
  'supersededBy',
  'recordedBy',
]);

function pairsOfList({ proof, items, next, coordinate, meta }: z.infer<typeof listAnswer>): readonly Pair[] {
  const { shown } = proof;
  const [first, count] = [memberOf(shown, 'first'), memberOf(shown, 'count')];
  const isLast = typeof first === 'number' && first - 1 + items.length === count;
  return [
    ['coordinate', writtenAs(coordinate), proof.at],
    ['fold', meta.fold, proof.fold],
    ['items', items.map(provenIn), memberOf(shown, 'items')],
    // A page can end early, with a next one that has nothing more.
    ['next', next === null, next === null && isLast],
  ];
}

const provenIn = (item: object): object =>
  Object.fromEntries(Object.entries(item).filter(([name]) => !UNPROVEN_IN_ROWS.has(name)));

/**
 * The place, from 1 on, at which rows that are shown begin among all rows of the list; after the last where none are.
 *
 * Throws where they are nowhere: then what is served does not follow from the log, and no proof can say that it does.
 */
export function firstOfRows(rows: readonly EntryObject[], items: readonly object[]): number {
  const wanted = items.map((item) => canonicalJson(provenIn(asJson(item))));
  const [begin] = wanted;
  const texts = begin === undefined ? [] : rows.map((each) => canonicalJson(each));
  const isThere = (place: number): boolean => wanted.every((text, index) => texts[place + index] === text);
  const place = begin === undefined ? rows.length : texts.findIndex((text, at) => text === begin && isThere(at));
  if (place < 0) throw new Error('The rows that are served are not those that follow from the log.');
  return place + 1;
}

function pairsOfDifference({ proof, from, to, meta, ...said }: z.infer<typeof differenceAnswer>): readonly Pair[] {
  const { question, shown } = proof;
  return [
    ['from', writtenAs(from), question?.of === 'difference' ? question.from : undefined],
    ['to', writtenAs(to), proof.at],
    ['fold', meta.fold, proof.fold],
    ['changes', said.changes, memberOf(shown, 'changes')],
    ['added', said.added, memberOf(shown, 'added')],
    ['removed', said.removed, memberOf(shown, 'removed')],
  ];
}

const writtenAs = ({ recordedAt, knownAt, validAt }: z.infer<typeof servedCoordinate>): AnswerDocument['at'] => ({
  recorded: recordedAt.position,
  knownAt,
  validAt,
});

const memberOf = (shown: EntryValue, name: string): EntryValue | undefined =>
  typeof shown === 'object' && shown !== null && name in shown
    ? Object.entries(shown).find(([each]) => each === name)?.[1]
    : undefined;

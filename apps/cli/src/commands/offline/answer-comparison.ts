import { contentOfAnswer } from '#event-log/answer-hash';

/** A place at which two answers differ, as a JSON Pointer (RFC 6901), with what each has there. */
export interface AnswerDifference {
  readonly pointer: string;
  /** Undefined where a side has nothing. */
  readonly saved: unknown;
  readonly made: unknown;
}

/** How a saved answer compares with the one that follows from an export. */
export interface AnswerComparison {
  readonly differences: readonly AnswerDifference[];
  /** How many texts cannot be compared: they can be erased, so an export has only commitments to them. */
  readonly erasable: number;
}

/** Compares two answers, without what each says of itself and without a proof, which is verified by other means. */
export function compareAnswers(saved: unknown, made: unknown): AnswerComparison {
  const all = [...differencesIn('', contentOf(saved), contentOf(made))];
  const compared = all.filter((difference) => !isUntold(difference) && !isOfService(difference));
  const differences = compared.filter(
    ({ saved: value, made: other }) => !(typeof value === 'string' && isErased(other)),
  );
  return { differences, erasable: compared.length - differences.length };
}

/** True of who recorded an event, where the answer was saved by a reader: it is told to recorders and operators alone. */
const isUntold = ({ pointer, saved }: AnswerDifference): boolean =>
  saved === undefined && pointer.endsWith('/recordedBy');

/** True of the citations that rest on what falls: the service keeps them, not the log, so no export has them. */
const isOfService = ({ pointer, made }: AnswerDifference): boolean => pointer === '/citations' && made === undefined;

function contentOf(answer: unknown): unknown {
  const content = contentOfAnswer(answer);
  if (!isObject(content)) return content;
  const { proof: _proof, ...rest } = content;
  return rest;
}

function* differencesIn(pointer: string, saved: unknown, made: unknown): Generator<AnswerDifference> {
  if (isErased(made) && typeof saved === 'string') return yield { pointer, saved, made };
  const [savedMembers, madeMembers] = [membersOf(saved), membersOf(made)];
  if (!savedMembers || !madeMembers || Array.isArray(saved) !== Array.isArray(made)) {
    if (!Object.is(saved, made)) yield { pointer, saved, made };
    return undefined;
  }
  for (const name of new Set([...savedMembers.keys(), ...madeMembers.keys()]))
    yield* differencesIn(`${pointer}/${escape(name)}`, savedMembers.get(name), madeMembers.get(name));
  return undefined;
}

const membersOf = (value: unknown): ReadonlyMap<string, unknown> | undefined =>
  typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isErased = (value: unknown): boolean =>
  isObject(value) && value['erased'] === true && Object.keys(value).length === 1;

const escape = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** Compares two files line by line: the number of the first line that differs, or undefined. */
export function firstDifferentLine(saved: string, made: string): AnswerDifference | undefined {
  if (saved === made) return undefined;
  const [savedLines, madeLines] = [saved.split('\n'), made.split('\n')];
  const index = savedLines.findIndex((line, place) => line !== madeLines[place]);
  const place = index === -1 ? savedLines.length : index;
  return { pointer: `line ${place + 1}`, saved: savedLines[place], made: madeLines[place] };
}

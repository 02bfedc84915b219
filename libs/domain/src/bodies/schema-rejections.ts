import { z } from 'zod';
import { UNCHANGEABLE } from '../schema/changes.js';
import { didYouMean } from '../values/near-words.js';
import { pointerTo } from '../values/json.js';
import type { Rejection, RejectionCode } from '../values/rejection.js';

type Step = string | number;
type Path = readonly Step[];

/** A value that a schema refused, with its location in the input. */
export interface RefusedValue {
  readonly schema: z.core.$ZodType;
  readonly input: unknown;
  /** Absent: the value is the whole input. */
  readonly at?: Path;
}

/** Translates the error of a schema into rejections, each with our own message: what is wrong, and what to do. */
export const rejectionsOf = ({ issues }: z.core.$ZodError, refused: RefusedValue): readonly Rejection[] =>
  issues.flatMap((issue) => rejectionsOfIssue(issue, refused));

function rejectionsOfIssue(issue: z.core.$ZodIssue, refused: RefusedValue): readonly Rejection[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  const whole = [...(refused.at ?? []), ...path];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownField(key, whole, adviceAbout(key, path, refused.schema)));
  const given = valueAt(refused.input, path);
  if (issue.code === 'invalid_union') {
    const branch = branchMeant(issue.errors);
    if (branch)
      return branch.flatMap((nested) => rejectionsOfIssue({ ...nested, path: [...path, ...nested.path] }, refused));
  }
  if (given === undefined || (isBlank(given) && path.at(-1) === 'reason')) return [missingRejection(issue, whole)];
  return [
    { code: codeOf(issue), pointer: pointerTo(whole), message: messageOf(issue, { given, field: fieldOf(whole) }) },
  ];
}

const isBlank = (given: unknown): boolean => typeof given === 'string' && given.trim() === '';

/** Of the forms that a value can have, the one that it is closest to; none if it is of another kind altogether. */
function branchMeant(errors: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  const ofKind = errors.filter(
    (issues) => !issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0),
  );
  return ofKind.toSorted((one, other) => one.length - other.length)[0];
}

function adviceAbout(key: string, path: Path, schema: z.core.$ZodType): string {
  if (membersAt(schema, [...path, 'changes']).includes(key))
    return ' A correction gives new values in "changes": move it there, or remove it.';
  return didYouMean(key, membersAt(schema, path)) || ' Check its spelling or remove it.';
}

function unknownField(key: string, path: Path, advice: string): Rejection {
  const pointer = pointerTo([...path, key]);
  if (path.at(-1) === 'changes' && UNCHANGEABLE.includes(key))
    return {
      code: 'unchangeable-field',
      pointer,
      message: `"${key}" cannot be changed by a correction. Retract the event and record it again under another key.`,
    };
  return { code: 'unknown-field', pointer, message: `There is no field "${key.slice(0, 60)}" here.${advice}` };
}

function missingRejection(issue: z.core.$ZodIssue, path: Path): Rejection {
  const field = String(path.at(-1));
  const pointer = pointerTo(path);
  if (field === 'reason')
    return { code: 'missing-reason', pointer, message: 'Give the reason, for those who read the record later.' };
  if (field === 'unit' && path.at(-3) === 'figures')
    return { code: 'figure-without-unit', pointer, message: 'Give the unit of the figure: people, percent, GBP.' };
  const choice = issue.code === 'invalid_value' ? ` Use one of: ${issue.values.map(String).join(', ')}.` : ' Add it.';
  return { code: 'missing-field', pointer, message: `"${field}" is required.${choice}` };
}

function codeOf(issue: z.core.$ZodIssue): RejectionCode {
  if (issue.code === 'custom' && isRejectionCode(issue.params?.['code'])) return issue.params['code'];
  return issue.code === 'too_big' ? 'over-limit' : 'invalid-value';
}

// Custom checks name their code through `fails`, which takes no other.
const isRejectionCode = (code: unknown): code is RejectionCode => typeof code === 'string';

interface GivenValue {
  readonly given: unknown;
  readonly field: string;
}

function messageOf(issue: z.core.$ZodIssue, { given, field }: GivenValue): string {
  switch (issue.code) {
    // These two carry our own words, from where the check is written.
    case 'custom':
    case 'invalid_format':
      return issue.message;
    case 'invalid_type':
      return `"${field}" must be ${KINDS[issue.expected] ?? 'of another type'}, but is ${kindOf(given)}.`;
    case 'invalid_union':
      return `"${field}" cannot be ${kindOf(given)}. ${unionAdvice(issue.errors)}`;
    case 'invalid_value':
      return wrongWord({ given, field }, issue.values.map(String));
    case 'too_big':
      return tooBig({ given, field }, Number(issue.maximum));
    case 'too_small':
      return tooSmall({ given, field }, Number(issue.minimum));
    default:
      return `"${field}" does not have the form described at /docs. Compare it with the example there.`;
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text in quotes',
  number: 'a number without quotes',
  int: 'a whole number',
  boolean: 'true or false, without quotes',
  null: 'null',
  array: 'a list in square brackets',
  object: 'an object in braces',
};

function kindOf(given: unknown): string {
  if (given === null) return 'null';
  if (Array.isArray(given)) return 'a list';
  if (typeof given === 'number') return `the number ${given}`;
  if (typeof given === 'boolean') return String(given);
  return typeof given === 'string' ? 'text' : 'an object';
}

function unionAdvice(errors: readonly (readonly z.core.$ZodIssue[])[]): string {
  const kinds = errors.flatMap(([first]) => (first?.code === 'invalid_type' ? [KINDS[first.expected] ?? ''] : []));
  return `Write ${kinds.filter((kind) => kind !== '').join(' or ')}.`;
}

function wrongWord({ given, field }: GivenValue, words: readonly string[]): string {
  if (typeof given !== 'string')
    return `"${field}" must be one of these words in quotes: ${words.join(', ')}. It is ${kindOf(given)}.`;
  return `"${given.slice(0, 60)}" is not a valid value of "${field}".${didYouMean(given, words)} Use one of: ${words.join(', ')}.`;
}

function tooBig({ given, field }: GivenValue, most: number): string {
  if (typeof given === 'string')
    return `"${field}" has ${given.length} characters; at most ${most} are allowed. Shorten it by ${given.length - most}.`;
  if (Array.isArray(given)) return `"${field}" has ${given.length} items; at most ${most} are allowed.`;
  return `"${field}" is ${String(given)}; at most ${most} is allowed.`;
}

function tooSmall({ given, field }: GivenValue, least: number): string {
  if (typeof given === 'number') return `"${field}" is ${given}; at least ${least} is allowed.`;
  if (Array.isArray(given)) return `"${field}" is an empty list. Give at least ${least === 1 ? 'one' : least}.`;
  return `"${field}" is empty. Write something, or leave it out where it is optional.`;
}

const fieldOf = (path: Path): string => String(path.findLast((step) => typeof step === 'string') ?? 'The value');

function valueAt(input: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined),
    input,
  );
}

/** The names of the members that an object may have at a path. */
function membersAt(schema: z.core.$ZodType, [step, ...rest]: Path): readonly string[] {
  const here = step === undefined ? [] : [step, ...rest];
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return membersAt(schema.unwrap(), here);
  if (schema instanceof z.ZodLazy) return membersAt(schema.unwrap(), here);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => membersAt(option, here));
  if (schema instanceof z.ZodArray) return membersAt(schema.element, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  const shape: z.core.$ZodShape = schema.shape;
  if (step === undefined) return Object.keys(shape);
  const member = shape[step];
  return member ? membersAt(member, rest) : [];
}

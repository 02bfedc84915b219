import {
  type Bounds,
  type DatingPart,
  type EventBody,
  type Rejection,
  datingPartsOf,
  eventTypes,
  isJudgedByWhole,
  linksIn,
  parseEventBody,
  parseRegistration,
  policiesIn,
  registrationKey,
} from '#domain';
import { parseJson } from '#event-log';
import { type GivenName, namesGivenBy, namesOfRegistration } from '../policies/policy-names.js';
import { lengthFaultsOf } from '../recorder/new-event.js';
import { type InputLine, IMPORT_LINE_LIMIT_BYTES } from './input/lines.js';
import type { SpooledText, Spool } from './input/spool.js';

/** A line that by itself could be recorded, as far as the check of all lines needs it. */
export interface Candidate {
  readonly line: number;
  /** The position of its text in the spool. */
  readonly offset: number;
  readonly length: number;
  /** As the log has it: `registered:<slug>` for a registration. */
  readonly key: string;
  readonly policy: string;
  /** Absent for a registration. */
  readonly type?: string;
  readonly target?: string;
  /** Keys of what must be on record or in the file: links, target, other policies. Its own policy goes without saying. */
  readonly needs: readonly string[];
  /** The bounds of the time at which it occurred; absent for a registration. */
  readonly occurred?: Bounds;
  /** The dates that it gives beside its own. */
  readonly parts: readonly DatingPart[];
  /** The number of events that it can change: 1 for a correction, 2 for one that corrects what a correction changes, and so on. */
  readonly levels: number;
  /** True of a correction that can only be judged by the body that it leaves behind. */
  readonly isJudgedByWhole: boolean;
  /** Names that it gives to its policy. */
  readonly names: readonly GivenName[];
  /** Slugs by the aliases under which the line names policies; absent where it names all by their slugs. */
  readonly slugs?: ReadonlyMap<string, string>;
}

/** The result of reading one line. */
export type ReadLine =
  | { readonly candidate: Candidate }
  | { readonly line: number; readonly key?: string; readonly rejections: readonly Rejection[] };

/** The dependencies of reading lines; `slugs` lets the lines of one policy share its slug. */
export interface LineReading {
  readonly spool: Spool;
  readonly zone: string;
  readonly slugs: Map<string, string>;
}

/** Reads one line; a candidate's text is kept in the spool. */
export async function readLine({ line, bytes }: InputLine, { spool, zone, slugs }: LineReading): Promise<ReadLine> {
  if (!bytes)
    return {
      line,
      rejections: [
        { code: 'over-limit', pointer: '', message: `The line is longer than ${IMPORT_LINE_LIMIT_BYTES} bytes.` },
      ],
    };
  const text = decoded(bytes);
  if (text === undefined)
    return {
      line,
      rejections: [{ code: 'malformed-text', pointer: '', message: `The line is not UTF-8.${advice(bytes)}` }],
    };
  const json = parseJson(text);
  if (!json.ok)
    return { line, rejections: [{ code: 'not-json', pointer: '', message: `${json.message}${advice(bytes)}` }] };
  const read = readValue(json.value, zone);
  if ('rejections' in read) return { line, ...read };
  const policy = slugs.get(read.policy) ?? read.policy;
  slugs.set(policy, policy);
  return { candidate: { line, ...(await spool.add(bytes)), ...read, policy } };
}

// The mark was taken off with the line: what is checked here must be just what the spool keeps.
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decoded(bytes: Buffer): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

const [NUL, CARRIAGE_RETURN] = [0, 13];
const GZIP = Buffer.from([0x1f, 0x8b]);

/** Advice for a line that cannot be read, where its bytes show what is wrong with it. */
function advice(bytes: Buffer): string {
  if (bytes.subarray(0, GZIP.length).equals(GZIP)) return ' It looks compressed; send it uncompressed.';
  if (bytes.includes(NUL)) return ' It looks like UTF-16; save the file as UTF-8.';
  if (bytes.subarray(0, -1).includes(CARRIAGE_RETURN))
    return ' It contains carriage returns; end each line with a line feed.';
  return '';
}

type ReadValue =
  Omit<Candidate, 'line' | keyof SpooledText> | { readonly key?: string; readonly rejections: readonly Rejection[] };

function readValue(value: unknown, zone: string): ReadValue {
  if (isRegistrationLine(value)) return readRegistration(value.policy, Object.keys(value));
  const parsed = parseEventBody(value, zone);
  if (parsed.ok) return candidateOf(parsed.body);
  const key =
    typeof value === 'object' && value !== null && 'key' in value && typeof value.key === 'string'
      ? value.key.slice(0, 120)
      : undefined;
  return { rejections: parsed.rejections, ...(key === undefined ? {} : { key }) };
}

/** A line `{"policy": {…}}` registers; a line whose `policy` is text is an event. */
export const isRegistrationLine = (value: unknown): value is { readonly policy: object } =>
  typeof value === 'object' &&
  value !== null &&
  'policy' in value &&
  typeof value.policy === 'object' &&
  value.policy !== null;

function readRegistration(policy: object, fields: readonly string[]): ReadValue {
  const unknown = fields
    .filter((field) => field !== 'policy')
    .map((field): Rejection => ({
      code: 'unknown-field',
      pointer: `/${field}`,
      message: `A line that registers a policy has no field "${field.slice(0, 60)}". Remove it.`,
    }));
  const parsed = parseRegistration(policy);
  const faults = (parsed.ok ? lengthFaultsOf(parsed.value) : parsed.rejections).map((rejection) => ({
    ...rejection,
    pointer: `/policy${rejection.pointer}`,
  }));
  const named =
    'slug' in policy && typeof policy.slug === 'string' ? { key: registrationKey(policy.slug.slice(0, 120)) } : {};
  if (!parsed.ok || unknown.length + faults.length > 0) return { ...named, rejections: [...unknown, ...faults] };
  const { slug } = parsed.value;
  const names = namesOfRegistration(parsed.value).map(({ name, pointer }) => ({ name, pointer: `/policy${pointer}` }));
  return {
    key: registrationKey(slug),
    policy: slug,
    needs: NOTHING,
    parts: NOTHING,
    levels: 0,
    isJudgedByWhole: false,
    names,
  };
}

function candidateOf(body: EventBody): Omit<Candidate, 'line' | keyof SpooledText> {
  const { key, policy, type, target } = body;
  const needs = [
    ...linksIn(body).map(({ to }) => to),
    ...policiesIn(body)
      .filter(({ slug }) => slug !== policy)
      .map(({ slug }) => registrationKey(slug)),
    ...(target === undefined ? [] : [target]),
  ];
  return {
    key,
    policy,
    type: eventTypes.get(type)?.name ?? type,
    ...(target === undefined ? {} : { target }),
    needs: needs.length === 0 ? NOTHING : [...new Set(needs)],
    occurred: body.occurred,
    parts: datingPartsOf(body),
    levels: levelsOf(body),
    isJudgedByWhole: isJudgedByWhole(body),
    names: body.aliases || body.changes ? namesGivenBy(body) : NOTHING,
  };
}

function levelsOf({ changes }: EventBody): number {
  let levels = 0;
  for (let next = changes; next; next = next.changes ?? undefined) levels += 1;
  return levels;
}

// There may be very many lines, most of which need nothing: they share this.
const NOTHING: readonly never[] = [];

/** Keys of all that must be on record or in the file for a line, the registration of its own policy included. */
export const needsOf = ({ needs, policy, type }: Candidate): readonly string[] =>
  type === undefined ? needs : [...needs, registrationKey(policy)];

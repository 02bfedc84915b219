import { REGISTRATION_TYPE } from './fields.js';
import type { Answer } from '../http/ask.js';

/** Why a body cannot be recorded: JSON Pointers with messages. */
export type FormErrors = readonly FormError[];

interface FormError {
  readonly pointer: string;
  readonly message: string;
  readonly code?: string;
}

/** True of what was only not filled in yet. */
export const isMissing = ({ code }: FormError): boolean => code === 'missing-field' || code === 'missing-reason';

/** A function that posts a body to an address of the interface: over HTTP in the browser, within the process on the server. */
export type Send = (
  address: string,
  body: unknown,
  headers: Readonly<Record<string, string>>,
) => Promise<Pick<Answer, 'status' | 'text'>>;

/** What would differ at one coordinate if the event were recorded. */
export interface WouldDiffer {
  readonly validAt: string;
  readonly changes: readonly { readonly field: string; readonly before: unknown; readonly after: unknown }[];
  readonly added: readonly unknown[];
  readonly removed: readonly unknown[];
}

/** The answer of the dry run. */
export interface Rehearsal {
  readonly warnings: readonly { readonly message: string }[];
  readonly would: {
    readonly now: WouldDiffer;
    readonly onItsDay: WouldDiffer;
    readonly affects: readonly {
      readonly field: string;
      readonly known: { readonly from: string | null };
      readonly valid: { readonly from: string | null; readonly to: string | null };
    }[];
  };
}

/** What a check came to. */
export type Checked =
  | { readonly kind: 'accepted'; readonly rehearsal: Rehearsal }
  /** The registration of a policy, which changes nothing that there is: only its own fields can be wrong. */
  | { readonly kind: 'complete'; readonly slug: string }
  | { readonly kind: 'rejected'; readonly errors: FormErrors };

/** What was recorded. */
export interface Receipt {
  readonly key: string;
  readonly position: number;
  readonly recordedAt: string;
  /** Absent where it is looked up afterwards. */
  readonly changed?: readonly string[];
  readonly warnings?: readonly { readonly message: string }[];
}

type Sent = { readonly kind: 'recorded'; readonly receipt: Receipt } | Extract<Checked, { readonly kind: 'rejected' }>;

/** Checks a body the way recording it would, and stores nothing. */
export async function checkBody(send: Send, body: unknown): Promise<Checked> {
  if (isRegistration(body)) return checkRegistration(body);
  const { status, text } = await post(send, body, { query: '?dryRun=true', headers: {} });
  if (status >= 400) return { kind: 'rejected', errors: errorsIn(text) };
  const rehearsal: Rehearsal = JSON.parse(text);
  return { kind: 'accepted', rehearsal };
}

/** Records a body. Sending it again with the same key records nothing more. */
export async function sendBody(send: Send, body: unknown, idempotencyKey: string): Promise<Sent> {
  const headers = idempotencyKey === '' ? {} : { 'idempotency-key': idempotencyKey };
  const { status, text } = await post(send, body, { query: '', headers });
  if (status >= 400) return { kind: 'rejected', errors: errorsIn(text) };
  const receipt: Receipt = JSON.parse(text);
  return { kind: 'recorded', receipt };
}

/** The policy that a receipt with this key registered; undefined for the receipt of an event. */
export const policyRegisteredBy = (key: string): string | undefined => /^registered:(.*)$/.exec(key)?.[1];

type Registration = Readonly<Record<string, unknown>> & { readonly type: string };

const isRegistration = (body: unknown): body is Registration =>
  typeof body === 'object' && body !== null && 'type' in body && body.type === REGISTRATION_TYPE;

function checkRegistration(body: Registration): Checked {
  const missing = ['title', 'slug', 'kind', 'jurisdiction'].filter((name) => body[name] === undefined);
  if (missing.length === 0) return { kind: 'complete', slug: String(body['slug']) };
  const errors = missing.map((name) => ({ pointer: `/${name}`, code: 'missing-field', message: 'This is required.' }));
  return { kind: 'rejected', errors };
}

interface PostOptions {
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function post(send: Send, body: unknown, { query, headers }: PostOptions): ReturnType<Send> {
  if (isRegistration(body)) {
    const { type: _, ...registration } = body;
    return send('/v1/policies', registration, headers);
  }
  const policy = typeof body === 'object' && body !== null && 'policy' in body ? String(body.policy) : '';
  if (policy !== '') return send(`/v1/policies/${encodeURIComponent(policy)}/events${query}`, body, headers);
  return { status: 422, text: JSON.stringify({ errors: [NO_POLICY] }) };
}

const NO_POLICY: FormError = { pointer: '/policy', code: 'missing-field', message: 'Choose a policy.' };

function errorsIn(text: string): FormErrors {
  const { errors, detail = 'The server refused it.' } = readProblem(text);
  return errors ?? [{ pointer: '', message: detail }];
}

/** What stands before the server may refuse in a form of its own. */
function readProblem(text: string): { readonly errors?: FormErrors; readonly detail?: string } {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

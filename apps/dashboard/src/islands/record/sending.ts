import type { FormErrors } from './form-fields.js';

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
  | { readonly kind: 'rejected'; readonly errors: FormErrors };

/** What was recorded. */
export interface Receipt {
  readonly key: string;
  readonly position: number;
  readonly recordedAt: string;
  readonly changed: readonly string[];
  readonly warnings: readonly { readonly message: string }[];
}

type Sent = { readonly kind: 'recorded'; readonly receipt: Receipt } | Extract<Checked, { readonly kind: 'rejected' }>;

/** Checks a body the way recording it would, and stores nothing. */
export async function checkBody(body: unknown): Promise<Checked> {
  const { ok, text } = await post(body, { query: '?dryRun=true', headers: {} });
  if (!ok) return { kind: 'rejected', errors: errorsIn(text) };
  const rehearsal: Rehearsal = JSON.parse(text);
  return { kind: 'accepted', rehearsal };
}

/** Records a body. Sending it again with the same key records nothing more. */
export async function sendBody(body: unknown, idempotencyKey: string): Promise<Sent> {
  const { ok, text } = await post(body, { query: '', headers: { 'idempotency-key': idempotencyKey } });
  if (!ok) return { kind: 'rejected', errors: errorsIn(text) };
  const receipt: Receipt = JSON.parse(text);
  return { kind: 'recorded', receipt };
}

interface PostOptions {
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function post(body: unknown, { query, headers }: PostOptions): Promise<{ ok: boolean; text: string }> {
  const policy = typeof body === 'object' && body !== null && 'policy' in body ? String(body.policy) : '';
  if (policy === '')
    return { ok: false, text: JSON.stringify({ errors: [{ pointer: '/policy', message: 'Choose a policy.' }] }) };
  try {
    const response = await fetch(`/v1/policies/${encodeURIComponent(policy)}/events${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return { ok: response.ok, text: await response.text() };
  } catch {
    const message = 'The server cannot be reached. The draft is kept in this browser; try again.';
    return { ok: false, text: JSON.stringify({ errors: [{ pointer: '', message }] }) };
  }
}

function errorsIn(text: string): FormErrors {
  const problem: { errors?: FormErrors; detail?: string } = JSON.parse(text);
  return problem.errors ?? [{ pointer: '', message: problem.detail ?? 'The server refused it.' }];
}

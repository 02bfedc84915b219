import { withoutEmpty } from '../form/body.js';
import type { RecordData } from '../form/record-data.js';
import { type Send, checkBody, sendBody } from '../form/sending.js';
import type { Address } from '../http/address.js';
import type { Ask, Problem } from '../http/ask.js';
import { bodyOfForm, changeEntries, wishOf } from '../form/posted-form.js';
import type { OpenPage } from './page.js';
import { loadForm, recordPage } from './record.js';

/** A form that was sent without scripts, and the ways to the interface. */
export interface PostedForm {
  readonly form: URLSearchParams;
  /** As an ISO date, in the zone of the log. */
  readonly today: string;
  readonly ask: Ask;
  readonly send: Send;
}

/** What a form came to that was sent without scripts. */
export type Posted =
  | { readonly kind: 'recorded'; readonly key: string }
  /** The form again, with what was typed and what was found. */
  | { readonly kind: 'open'; readonly page: OpenPage; readonly isRejected: boolean }
  | { readonly kind: 'problem'; readonly problem: Problem };

/** Does what a form was sent for. A body goes the way that it takes from a script: the write of the interface judges it. */
export async function postRecord(address: Address, { form, today, ask, send }: PostedForm): Promise<Posted> {
  const loaded = await loadForm(address, ask);
  if (!loaded.ok) return { kind: 'problem', problem: loaded.problem };
  const { data } = loaded.body;
  const open = (change: Partial<RecordData>): Posted => ({
    kind: 'open',
    page: recordPage.reopen(JSON.stringify({ ...loaded.body, data: { ...data, ...change } })),
    isRejected: change.checked?.kind === 'rejected',
  });
  // The policy of an event that is corrected or retracted is not for the form to say.
  const own = data.target === undefined ? {} : data.body;
  const body = { ...bodyOfForm(form, { fields: data.fields, start: data.body, today }), ...own };
  const wish = wishOf(form);
  switch (wish.kind) {
    case 'add':
    case 'drop':
    case 'change':
    case 'empty':
      return open({ body: changeEntries(body, { ...wish, target: data.target, fields: data.fields }) });
    case 'check':
      return open({ body, checked: await checkBody(send, withoutEmpty(body)) });
    case 'record': {
      const sent = await sendBody(send, withoutEmpty(body), form.get('idempotency-key') ?? '');
      return sent.kind === 'recorded' ? { kind: 'recorded', key: sent.receipt.key } : open({ body, checked: sent });
    }
  }
}

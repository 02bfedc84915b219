import type { PolicyEvent } from '../http/answers.js';
import type { EventType, FormField } from './fields.js';
import type { Checked, Receipt } from './sending.js';

/** What the form starts from. */
export interface RecordData {
  readonly types: readonly EventType[];
  readonly policies: readonly { readonly policy: string; readonly title: string }[];
  readonly type: string | undefined;
  readonly fields: readonly FormField[];
  /** The event that is to be corrected or retracted, as it is in force. */
  readonly target: PolicyEvent | undefined;
  readonly body: Readonly<Record<string, unknown>>;
  /** What a check came to, where the form was sent to the server. */
  readonly checked?: Checked;
  /** What was recorded, where the form was just sent. */
  readonly receipt?: Receipt;
}

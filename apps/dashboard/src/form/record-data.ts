import type { PolicyEvent } from '../http/answers.js';
import type { EventType, FormField } from './fields.js';

/** What the form starts from. */
export interface RecordData {
  readonly types: readonly EventType[];
  readonly policies: readonly { readonly policy: string; readonly title: string }[];
  readonly type: string | undefined;
  readonly fields: readonly FormField[];
  /** The event that is to be corrected or retracted, as it is in force. */
  readonly target: PolicyEvent | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

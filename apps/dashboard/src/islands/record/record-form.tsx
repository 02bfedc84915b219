import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { type Path, put, suggestKey, valueAt } from '../../form/body.js';
import type { RecordData } from '../../form/record-data.js';
import { type FormSection, divideFields, isInUse } from '../../form/sections.js';
import { REGISTRATION_TYPE } from '../../form/fields.js';
import { isMissing } from '../../form/sending.js';
import type { Frame } from '../../pages/page.js';
import { CsrfField } from '../../views/csrf-field.js';
import { FieldInput } from './form-fields.js';
import { Preview } from './form-preview.js';
import type { FormState } from './form-state.js';
import { Mistakes } from './mistakes.js';
import { ReceiptView } from './receipt-view.js';
import { useRecording } from './use-recording.js';

interface RecordFormProps {
  readonly data: RecordData;
  readonly frame: Frame;
}

/** The form: fields of the type, checked while they are filled in; a preview of what would change; the receipt. */
export function RecordForm({ data, frame }: RecordFormProps): VNode {
  // A draft about one policy is not for the form of another.
  const draftName = ['draft', data.type, data.target?.key, frame.address.parameters.get('policy')]
    .filter((part) => part !== undefined)
    .join(' ');
  const today = frame.dates.isoDay(new Date().toISOString());
  const { body, setBody, checked, isRestored, hasAsked, receipt, ...recording } = useRecording(data, {
    draftName,
    today,
  });
  if (receipt !== undefined) return <ReceiptView receipt={receipt} frame={frame} />;
  const found = checked?.kind === 'rejected' ? checked.errors : [];
  const errors = hasAsked ? found : found.filter((error) => !isMissing(error));
  const { source, event, rest } = divideFields(data.fields);
  const form: FormState = { body, errors, policies: data.policies, target: data.target, today };
  const change = (path: Path, value: unknown): void =>
    setBody((current: unknown) => withSuggestion(current, put(current, path, value), path));
  return (
    <form class="record" method="post" onSubmit={(submit) => void recording.send(submit)} noValidate>
      <EnterChecks />
      <input type="hidden" name="idempotency-key" value={recording.idempotencyKey} />
      <CsrfField about={frame.about} />
      {isRestored ? <Restored onStartAfresh={recording.startAfresh} /> : null}
      <Mistakes errors={errors} needed={hasAsked ? [] : found.filter(isMissing)} />
      <SectionInputs section={source} form={form} onChange={change} />
      <SectionInputs section={event} form={form} onChange={change} />
      <FoldedInputs section={rest} form={form} onChange={change} />
      <Preview
        checked={checked}
        frame={frame}
        earlierUntil={data.target === undefined ? undefined : valueAt(body, ['publishedAt'])}
      />
      <p>
        <button type="submit" name="check">
          Check
        </button>{' '}
        <button type="submit" name="record" disabled={recording.isSending}>
          Record for ever
        </button>{' '}
        <span class="quiet">{lastWords(data)}</span>
      </p>
    </form>
  );
}

const lastWords = ({ type }: RecordData): string =>
  type === REGISTRATION_TYPE
    ? 'The short name stays for ever; title and kind can be changed by an event.'
    : 'Nothing is changed or deleted afterwards; mistakes are corrected by a further event.';

function Restored({ onStartAfresh }: { readonly onStartAfresh: () => void }): VNode {
  return (
    <p class="notice">
      Your draft of this form was kept in this browser.{' '}
      <button type="button" onClick={onStartAfresh}>
        Start afresh
      </button>
    </p>
  );
}

interface SectionInputsProps {
  readonly section: FormSection;
  readonly form: FormState;
  readonly onChange: (path: Path, value: unknown) => void;
}

function SectionInputs({ section, form, onChange }: SectionInputsProps): VNode | null {
  if (section.fields.length === 0) return null;
  return (
    <section aria-label={section.title}>
      <h2>{section.title}</h2>
      {fieldInputs({ section, form, onChange })}
    </section>
  );
}

/** Folded away until something in it is filled in; from then on only its reader folds it. */
function FoldedInputs({ section, form, onChange }: SectionInputsProps): VNode | null {
  const wasInUse = useRef(false);
  wasInUse.current ||= isInUse(section, form.body, form.errors);
  if (section.fields.length === 0) return null;
  return (
    <details class="more" open={wasInUse.current || undefined}>
      <summary>{section.title}</summary>
      {fieldInputs({ section, form, onChange })}
    </details>
  );
}

const fieldInputs = ({ section, form, onChange }: SectionInputsProps): readonly VNode[] =>
  section.fields.map((field) => (
    <FieldInput key={field.name} field={field} path={[field.name]} form={form} onChange={onChange} />
  ));

/** The key Enter presses the first button of a form: this one, which records nothing. */
function EnterChecks(): VNode {
  return (
    <button type="submit" name="check" class="unseen" tabIndex={-1} aria-hidden="true">
      Check
    </button>
  );
}

/** The short name follows the summary, that of a policy its title, until somebody writes another. */
function withSuggestion(before: unknown, after: unknown, path: Path): unknown {
  const isPolicy = valueAt(after, ['type']) === REGISTRATION_TYPE;
  const [from, to] = isPolicy ? ['title', 'slug'] : ['summary', 'key'];
  if (path.length !== 1 || path[0] !== from) return after;
  const [key, earlier, text] = [valueAt(before, [to]), valueAt(before, [from]), valueAt(after, [from])];
  const isOwn = typeof key === 'string' && key !== '' && key !== suggestKey(typeof earlier === 'string' ? earlier : '');
  return isOwn || typeof text !== 'string' ? after : put(after, [to], suggestKey(text));
}

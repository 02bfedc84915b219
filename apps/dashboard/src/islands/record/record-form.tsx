import type { VNode } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type Path, put, suggestKey, valueAt, withoutEmpty } from '../../form/body.js';
import type { RecordData } from '../../form/record-data.js';
import { type FormSection, divideFields, isInUse } from '../../form/sections.js';
import { type Checked, type FormErrors, type Receipt, checkBody, sendBody } from '../../form/sending.js';
import type { Frame } from '../../pages/page.js';
import { fieldInWords } from '../../words/words.js';
import { keep, readKept, sendOverHttp } from '../browser.js';
import { CsrfField } from '../../views/csrf-field.js';
import { FieldInput, type FormState } from './form-fields.js';
import { Preview } from './form-preview.js';

interface RecordFormProps {
  readonly data: RecordData;
  readonly frame: Frame;
}

const CHECK_AFTER_MS = 400;

/** The form: fields of the type, checked while they are filled in; a preview of what would change; the receipt. */
export function RecordForm({ data, frame }: RecordFormProps): VNode {
  const draftName = `draft ${data.type ?? ''} ${data.target?.key ?? ''}`;
  const [body, setBody] = useState<unknown>(data.body);
  const [checked, setChecked] = useState<Checked | undefined>(data.checked);
  const [receipt, setReceipt] = useState<Receipt>();
  const [isSending, setSending] = useState(false);
  const idempotencyKey = useMemo(() => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, []);
  useEffect(() => {
    // What the server answers to a form that was sent to it is newer than the draft.
    const draft = data.checked === undefined ? readKept(draftName) : undefined;
    if (draft !== undefined) setBody(JSON.parse(draft));
  }, []);
  useEffect(() => {
    if (body === data.body || receipt !== undefined) return undefined;
    keep(draftName, JSON.stringify(body));
    const timer = setTimeout(() => void check(), CHECK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [body]);
  const check = async (): Promise<void> => setChecked(await checkBody(sendOverHttp, withoutEmpty(body)));
  const send = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (event.submitter?.getAttribute('name') !== 'record') return check();
    setSending(true);
    const sent = await sendBody(sendOverHttp, withoutEmpty(body), idempotencyKey);
    setSending(false);
    if (sent.kind === 'rejected') {
      setChecked(sent);
      document.getElementById('mistakes')?.focus();
      return;
    }
    keep(draftName, JSON.stringify(data.body));
    setReceipt(sent.receipt);
  };
  if (receipt !== undefined) return <ReceiptView receipt={receipt} frame={frame} />;
  const errors = checked?.kind === 'rejected' ? checked.errors : [];
  const { source, event, rest } = divideFields(data.fields);
  const today = frame.dates.isoDay(new Date().toISOString());
  const form: FormState = { body, errors, policies: data.policies, target: data.target, today };
  const change = (path: Path, value: unknown): void =>
    setBody((current: unknown) => withSuggestion(current, put(current, path, value), path));
  return (
    <form class="record" method="post" onSubmit={(event) => void send(event)} noValidate>
      <EnterChecks />
      <input type="hidden" name="idempotency-key" value={idempotencyKey} />
      <CsrfField about={frame.about} />
      <Mistakes errors={errors} />
      <SectionInputs section={source} form={form} onChange={change} />
      <SectionInputs section={event} form={form} onChange={change} />
      <FoldedInputs section={rest} form={form} onChange={change} />
      <Preview checked={checked} frame={frame} />
      <p>
        <button type="submit" name="check">
          Check
        </button>{' '}
        <button type="submit" name="record" disabled={isSending}>
          Record for ever
        </button>{' '}
        <span class="quiet">Nothing is changed or deleted afterwards; mistakes are corrected by a further event.</span>
      </p>
    </form>
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

/** The key follows the summary until somebody writes another. */
function withSuggestion(before: unknown, after: unknown, [changed]: Path): unknown {
  if (changed !== 'summary') return after;
  const [key, earlier, summary] = [valueAt(before, ['key']), valueAt(before, ['summary']), valueAt(after, ['summary'])];
  const isOwn = typeof key === 'string' && key !== '' && key !== suggestKey(typeof earlier === 'string' ? earlier : '');
  return isOwn || typeof summary !== 'string' ? after : put(after, ['key'], suggestKey(summary));
}

function Mistakes({ errors }: { readonly errors: FormErrors }): VNode {
  return (
    <div id="mistakes" tabIndex={-1} aria-live="polite" class={errors.length === 0 ? 'unseen' : 'mistakes'}>
      {errors.length === 0 ? null : (
        <>
          <p>This cannot be recorded yet:</p>
          <ul>
            {errors.map(({ pointer, message }) => (
              <li key={`${pointer} ${message}`}>
                <a href={`#field${pointer}`}>{pointer === '' ? 'The event' : pointer.slice(1)}</a>: {message}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

/** What was recorded, and where its proof will be. */
export function ReceiptView({ receipt, frame }: { readonly receipt: Receipt; readonly frame: Frame }): VNode {
  const place = useRef<HTMLDivElement>(null);
  // It takes the place of the form, and with it of what had the focus.
  useEffect(() => place.current?.focus(), []);
  return (
    <div ref={place} class="receipt" role="status" tabIndex={-1}>
      <h2>Recorded</h2>
      <dl>
        <dt>Event</dt>
        <dd>
          <a href={`/events/${receipt.key}`}>{receipt.key}</a>
        </dd>
        <dt>Position in the log</dt>
        <dd>@{receipt.position}</dd>
        <dt>Recorded at</dt>
        <dd>{frame.dates.moment(receipt.recordedAt)}</dd>
        {receipt.changed === undefined ? null : (
          <>
            <dt>It changed</dt>
            <dd>
              {receipt.changed.length === 0
                ? 'no field of the current state'
                : receipt.changed.map(fieldInWords).join('; ')}
            </dd>
          </>
        )}
      </dl>
      {(receipt.warnings ?? []).map(({ message }) => (
        <p class="notice" key={message}>
          {message}
        </p>
      ))}
      <p>
        Its proof of inclusion is at{' '}
        <a href={`/v1/audit/proof/inclusion?event=${receipt.key}`}>/v1/audit/proof/inclusion?event={receipt.key}</a> as
        soon as a checkpoint covers it.
      </p>
    </div>
  );
}

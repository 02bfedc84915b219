import type { TargetedEvent, VNode } from 'preact';
import { useState } from 'preact/hooks';
import { type Path, pointerOf, readTyped, valueAt } from '../../form/body.js';
import { DATE_KINDS, type SaidDate, writeEdtf } from '../../form/date-help.js';
import type { FormField } from '../../form/fields.js';
import { exactDate } from '../../form/typed-dates.js';
import type { FormErrors } from '../../form/sending.js';
import type { PolicyEvent } from '../../http/answers.js';
import { edtfInWords } from '../../words/dates.js';
import { fieldName } from '../../words/event-words.js';
import { capitalise, inWords } from '../../words/words.js';
import { DayPicker } from '../time/day-picker.js';

/** What all fields of a form look at. */
export interface FormState {
  readonly body: unknown;
  readonly errors: FormErrors;
  readonly policies: readonly { readonly policy: string; readonly title: string }[];
  readonly target: PolicyEvent | undefined;
  /** As an ISO date, in the zone of the log. */
  readonly today: string;
}

interface FieldProps {
  readonly field: FormField;
  readonly path: Path;
  readonly form: FormState;
  readonly onChange: (path: Path, value: unknown) => void;
}

/** One field of a form with its label, its help and its errors; lists and groups hold further fields. */
export function FieldInput(props: FieldProps): VNode {
  const { field } = props;
  if (field.kind === 'group') return <GroupInput {...props} fields={field.fields} />;
  if (field.kind === 'list') return <ListInput {...props} item={field.item} />;
  return <SimpleInput {...props} />;
}

const labelOf = ({ name, isRequired }: FormField): string =>
  `${capitalise(nameOf(name))}${isRequired ? '' : ' (optional)'}`;

const nameOf = (field: string): string => SPELLED[field] ?? fieldName(field);

/** What is written otherwise where it stands alone, as a label. */
const SPELLED: Readonly<Record<string, string>> = { url: 'URL', sha256: 'SHA-256' };

function SimpleInput({ field, path, form, onChange }: FieldProps): VNode {
  const pointer = pointerOf(path);
  const id = `field${pointer}`;
  const errors = form.errors.filter((error) => error.pointer === pointer);
  const described = `${id}-about${errors.length === 0 ? '' : ` ${id}-errors`}`;
  const common = { id, name: pointer, 'aria-describedby': described, 'aria-invalid': errors.length > 0 };
  return (
    <div class="field">
      <label for={id}>{labelOf(field)}</label>
      <Control field={field} path={path} form={form} onChange={onChange} common={common} />
      <CurrentValue path={path} form={form} />
      <details class="help">
        <summary>What goes here</summary>
        <p id={`${id}-about`}>{field.about}</p>
      </details>
      {errors.length === 0 ? null : (
        <p id={`${id}-errors`} class="mistake">
          {errors.map(({ message }) => message).join(' ')}
        </p>
      )}
    </div>
  );
}

/** A correction shows what stands now beside what it changes. */
function CurrentValue({ path, form: { target } }: Pick<FieldProps, 'path' | 'form'>): VNode | null {
  const [first, ...rest] = path;
  const current = first === 'changes' ? valueAt(target, rest) : undefined;
  if (current === undefined) return null;
  return <p class="quiet">Now: {typeof current === 'string' ? current : JSON.stringify(current)}</p>;
}

interface ControlProps extends FieldProps {
  readonly common: {
    readonly id: string;
    /** The place in the body: by it the form is read where no script sends it. */
    readonly name: string;
    readonly 'aria-describedby': string;
    readonly 'aria-invalid': boolean;
  };
}

function Control({ field, path, form, onChange, common }: ControlProps): VNode {
  const value = valueAt(form.body, path);
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const change = (event: TargetedEvent<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>): void =>
    onChange(path, event.currentTarget.value);
  const settle = (event: TargetedEvent<HTMLInputElement | HTMLTextAreaElement>): void => {
    const exact = exactDate(event.currentTarget.value, field, form.today);
    if (exact !== event.currentTarget.value) onChange(path, exact);
  };
  if (field.name === 'policy') return <PolicyChoice form={form} value={text} onChange={change} common={common} />;
  switch (field.kind) {
    case 'choice':
      return <Choice field={field} path={path} value={value} onChange={onChange} common={common} />;
    case 'switch':
      return (
        <input
          {...common}
          type="checkbox"
          checked={value === true}
          onChange={(event) => onChange(path, event.currentTarget.checked || undefined)}
        />
      );
    case 'number':
      return (
        <input
          {...common}
          inputMode="decimal"
          value={text}
          onInput={(event) => onChange(path, readTyped(event.currentTarget.value))}
        />
      );
    case 'value':
      return (
        <input {...common} value={text} onInput={(event) => onChange(path, readTyped(event.currentTarget.value))} />
      );
    case 'date':
      return (
        <>
          <input {...common} value={text} placeholder={field.example} onInput={change} onBlur={settle} />
          <DayPicker label={labelOf(field)} onChoose={(day) => onChange(path, day)} />
          <DateHelper today={form.today} onChoose={(edtf) => onChange(path, edtf)} />
          <p class="quiet">{text === '' ? '' : edtfInWords(text)}</p>
        </>
      );
    case 'text':
      return field.isLong ? (
        <textarea {...common} rows={3} maxLength={field.longest} value={text} onInput={change} />
      ) : (
        <input
          {...common}
          maxLength={field.longest}
          placeholder={field.example}
          value={text}
          onInput={change}
          onBlur={settle}
        />
      );
    case 'group':
    case 'list':
      return <></>;
  }
}

interface ChoiceProps extends Pick<ControlProps, 'path' | 'onChange' | 'common'> {
  readonly field: Extract<FormField, { readonly kind: 'choice' }>;
  readonly value: unknown;
}

function Choice({ field, path, value, onChange, common }: ChoiceProps): VNode {
  return (
    <select
      {...common}
      value={value === null ? 'null' : typeof value === 'string' ? value : ''}
      onChange={(event) => onChange(path, choiceOf(event.currentTarget.value))}
    >
      <option value="">not said</option>
      {field.hasNone ? <option value="null">none</option> : null}
      {field.choices.map((choice) => (
        <option key={choice} value={choice}>
          {inWords(choice)}
        </option>
      ))}
    </select>
  );
}

const choiceOf = (text: string): unknown => (text === 'null' ? null : text === '' ? undefined : text);

interface PolicyChoiceProps {
  readonly form: FormState;
  readonly value: string;
  readonly onChange: (event: TargetedEvent<HTMLSelectElement>) => void;
  readonly common: ControlProps['common'];
}

function PolicyChoice({ form, value, onChange, common }: PolicyChoiceProps): VNode {
  return (
    <select {...common} value={value} onChange={onChange} disabled={form.target !== undefined}>
      <option value="">choose a policy</option>
      {form.policies.map(({ policy, title }) => (
        <option key={policy} value={policy}>
          {title}
        </option>
      ))}
    </select>
  );
}

interface DateHelperProps {
  readonly today: string;
  readonly onChoose: (edtf: string) => void;
}

/** Turns what is said of a date into its exact form. */
function DateHelper({ today, onChoose }: DateHelperProps): VNode {
  const [said, setSaid] = useState<SaidDate>({ kind: 'on a day', first: '', second: '' });
  const edtf = writeEdtf(said, today);
  const needsTwo = said.kind === 'some day between' || said.kind === 'lasting from … to';
  return (
    <details class="help">
      <summary>Help with the date</summary>
      <select
        aria-label="How precisely is it known?"
        value={said.kind}
        onChange={(event) =>
          setSaid({ ...said, kind: DATE_KINDS.find((kind) => kind === event.currentTarget.value) ?? 'on a day' })
        }
      >
        {DATE_KINDS.map((kind) => (
          <option key={kind}>{kind}</option>
        ))}
      </select>
      <input
        aria-label="First date"
        placeholder="8 July 2025"
        value={said.first}
        onInput={(event) => setSaid({ ...said, first: event.currentTarget.value })}
      />
      {needsTwo ? (
        <input
          aria-label="Second date"
          placeholder="12 July 2025"
          value={said.second}
          onInput={(event) => setSaid({ ...said, second: event.currentTarget.value })}
        />
      ) : null}
      <button type="button" disabled={edtf === undefined} onClick={() => edtf !== undefined && onChoose(edtf)}>
        Use {edtf === undefined ? 'it' : edtfInWords(edtf)}
      </button>
    </details>
  );
}

function GroupInput({ field, path, fields, ...rest }: FieldProps & { readonly fields: readonly FormField[] }): VNode {
  const names = fields.map((each) => <FieldInput key={each.name} {...rest} field={each} path={[...path, each.name]} />);
  if (field.name === '') return <>{names}</>;
  return (
    <fieldset id={`field${pointerOf(path)}`}>
      <legend>{labelOf(field)}</legend>
      {names}
    </fieldset>
  );
}

/** What a button does itself where scripts run; without them it sends the form, and the server does the same. */
const instead =
  (act: () => void) =>
  (event: Event): void => {
    event.preventDefault();
    act();
  };

function ListInput({ field, path, item, ...rest }: FieldProps & { readonly item: FormField }): VNode {
  const value = valueAt(rest.form.body, path);
  const count = Array.isArray(value) ? value.length : field.isRequired ? 1 : 0;
  const errors = rest.form.errors.filter(({ pointer }) => pointer === pointerOf(path));
  return (
    <fieldset id={`field${pointerOf(path)}`}>
      <legend>{labelOf(field)}</legend>
      {Array.from({ length: count }, (_, index) => (
        <div class="item" key={index}>
          <FieldInput
            {...rest}
            field={item.kind === 'group' ? item : { ...item, name: field.name, isRequired: true }}
            path={[...path, index]}
          />
          <button
            type="submit"
            name="drop-entry"
            value={pointerOf([...path, index])}
            onClick={instead(() => rest.onChange([...path, index], undefined))}
          >
            Remove
          </button>
        </div>
      ))}
      {errors.length === 0 ? null : <p class="mistake">{errors.map(({ message }) => message).join(' ')}</p>}
      <button
        type="submit"
        name="add-entry"
        value={pointerOf(path)}
        onClick={instead(() => rest.onChange([...path, count], item.kind === 'group' ? {} : ''))}
      >
        Add to {nameOf(field.name)}
      </button>
    </fieldset>
  );
}

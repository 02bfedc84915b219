import type { TargetedEvent, VNode } from 'preact';
import { type Path, pointerOf, readTyped, valueAt } from '../../form/body.js';
import type { FormField } from '../../form/fields.js';
import { labelOfPath, splitHelp } from '../../form/labels.js';
import { BodyValue } from '../../views/events/body-value.js';
import { inWords } from '../../words/words.js';
import { ChangeFields } from './change-fields.js';
import { DateInput } from './date-input.js';
import { focusWithin } from './focus-within.js';
import type { ControlProps, FieldProps, FormState } from './form-state.js';
import { instead } from './instead.js';

/** One field of a form with its label, its help and its errors; lists and groups hold further fields. */
export function FieldInput(props: FieldProps): VNode {
  const { field } = props;
  // What the address of the form has decided is not asked for again.
  if (props.form.target !== undefined && props.path.length === 1 && DECIDED.has(field.name)) return <></>;
  if (field.kind === 'group') return <GroupInput {...props} fields={field.fields} />;
  if (field.kind === 'list') return <ListInput {...props} item={field.item} />;
  return <SimpleInput {...props} />;
}

const DECIDED: ReadonlySet<string> = new Set(['policy', 'target']);

const labelOf = ({ isRequired }: FormField, path: Path): string =>
  `${labelOfPath(path)}${isRequired ? '' : ' (optional)'}`;

function SimpleInput({ field, path, form, onChange }: FieldProps): VNode {
  const pointer = pointerOf(path);
  const id = `field${pointer}`;
  const errors = form.errors.filter((error) => error.pointer === pointer);
  const described = `${id}-about${errors.length === 0 ? '' : ` ${id}-errors`}`;
  const common = { id, name: pointer, 'aria-describedby': described, 'aria-invalid': errors.length > 0 };
  return (
    <div class="field">
      <label for={id}>{labelOf(field, path)}</label>
      <Control field={field} path={path} form={form} onChange={onChange} common={common} />
      <CurrentValue path={path} form={form} />
      <FieldHelp id={`${id}-about`} about={field.about} />
      {errors.length === 0 ? null : (
        <p id={`${id}-errors`} class="mistake">
          {errors.map(({ message }) => message).join(' ')}
        </p>
      )}
    </div>
  );
}

/** What a field is for, in a sentence that is always there: only where there is more to say it takes a further key to pass. */
function FieldHelp({ id, about }: { readonly id: string; readonly about: string }): VNode {
  const { first, rest } = splitHelp(about);
  return (
    <>
      <p id={id} class="help">
        {first}
      </p>
      {rest === '' ? null : (
        <details class="help">
          <summary>What goes here</summary>
          <p>{rest}</p>
        </details>
      )}
    </>
  );
}

/** A correction shows what stands now beside what differs from it. */
function CurrentValue({ path, form: { target, body } }: Pick<FieldProps, 'path' | 'form'>): VNode | null {
  const [first, ...rest] = path;
  const current = first === 'changes' ? valueAt(target, rest) : undefined;
  if (current === undefined || current === valueAt(body, path)) return null;
  return (
    <p class="quiet">
      Now: <BodyValue name={String(path.at(-1))} value={current} />
    </p>
  );
}

function Control({ field, path, form, onChange, common }: ControlProps): VNode {
  const value = valueAt(form.body, path);
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const change = (event: TargetedEvent<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>): void =>
    onChange(path, event.currentTarget.value);
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
        <DateInput
          field={field}
          path={path}
          form={form}
          onChange={onChange}
          common={common}
          label={labelOfPath(path)}
        />
      );
    case 'text':
      return field.isLong && !ONE_LINE.has(field.name) ? (
        <textarea {...common} rows={3} maxLength={field.longest} value={text} onInput={change} />
      ) : (
        <input {...common} maxLength={field.longest} placeholder={field.example} value={text} onInput={change} />
      );
    case 'group':
    case 'list':
      return <></>;
  }
}

/** Texts that may be long, but have no lines. */
const ONE_LINE: ReadonlySet<string> = new Set(['title', 'url']);

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

function GroupInput({ field, path, fields, ...rest }: FieldProps & { readonly fields: readonly FormField[] }): VNode {
  const names = fields.map((each) => <FieldInput key={each.name} {...rest} field={each} path={[...path, each.name]} />);
  if (field.name === '') return <>{names}</>;
  if (field.name === 'changes' && rest.form.target !== undefined)
    return <ChangeFields {...rest} path={path} fields={fields} target={rest.form.target} Input={FieldInput} />;
  return (
    <fieldset id={`field${pointerOf(path)}`} tabIndex={-1}>
      <legend>{labelOf(field, path)}</legend>
      {names}
    </fieldset>
  );
}

function ListInput({ field, path, item, ...rest }: FieldProps & { readonly item: FormField }): VNode {
  const value = valueAt(rest.form.body, path);
  const count = Array.isArray(value) ? value.length : field.isRequired ? 1 : 0;
  const errors = rest.form.errors.filter(({ pointer }) => pointer === pointerOf(path));
  return (
    <fieldset id={`field${pointerOf(path)}`} tabIndex={-1}>
      <legend>{labelOf(field, path)}</legend>
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
            <span class="unseen">
              {' '}
              entry {index + 1} of {labelOfPath(path).toLowerCase()}
            </span>
          </button>
        </div>
      ))}
      {errors.length === 0 ? null : <p class="mistake">{errors.map(({ message }) => message).join(' ')}</p>}
      <button
        type="submit"
        name="add-entry"
        value={pointerOf(path)}
        onClick={instead(() => {
          rest.onChange([...path, count], item.kind === 'group' ? {} : '');
          focusWithin(pointerOf([...path, count]));
        })}
      >
        Add to {labelOfPath(path).toLowerCase()}
      </button>
    </fieldset>
  );
}

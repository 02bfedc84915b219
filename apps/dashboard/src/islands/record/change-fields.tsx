import type { ComponentType, VNode } from 'preact';
import { type Path, pointerOf, valueAt, withoutEmpty } from '../../form/body.js';
import type { FormField } from '../../form/fields.js';
import { labelOfPath } from '../../form/labels.js';
import { startOfChange } from '../../form/posted-form.js';
import type { PolicyEvent } from '../../http/answers.js';
import { BodyValue } from '../../views/events/body-value.js';
import { focusWithin } from './focus-within.js';
import type { FieldProps } from './form-state.js';
import { instead } from './instead.js';

interface ChangeFieldsProps extends Omit<FieldProps, 'field'> {
  readonly fields: readonly FormField[];
  readonly target: PolicyEvent;
  readonly Input: ComponentType<FieldProps>;
}

/** The fields of a correction: what stands, and beside it a form for what is to change, which begins with what stands. */
export function ChangeFields({ fields, target, ...rest }: ChangeFieldsProps): VNode {
  const { path, form } = rest;
  const errors = form.errors.filter(({ pointer }) => pointer === pointerOf(path));
  const isSaid = ({ name }: FormField): boolean => withoutEmpty(valueAt(target, [name])) !== undefined;
  const isInUse = ({ name }: FormField): boolean => valueAt(form.body, [...path, name]) !== undefined;
  const rowOf = (field: FormField): VNode => <ChangeField key={field.name} {...rest} field={field} target={target} />;
  const unsaid = fields.filter((field) => !isSaid(field) && !isInUse(field));
  return (
    <fieldset id={`field${pointerOf(path)}`} tabIndex={-1}>
      <legend>What is to change</legend>
      {errors.length === 0 ? null : <p class="mistake">Choose what is to change.</p>}
      {fields.filter((field) => isSaid(field) || isInUse(field)).map(rowOf)}
      {unsaid.length === 0 ? null : (
        <details class="help">
          <summary>Fields that it does not have yet</summary>
          {unsaid.map(rowOf)}
        </details>
      )}
    </fieldset>
  );
}

interface ChangeFieldProps extends Omit<ChangeFieldsProps, 'fields'> {
  readonly field: FormField;
}

function ChangeField({ field, target, Input, path: around, form, onChange }: ChangeFieldProps): VNode {
  const path: Path = [...around, field.name];
  const pointer = pointerOf(path);
  const value = valueAt(form.body, path);
  const current = valueAt(target, [field.name]);
  const name = labelOfPath(path);
  if (value === undefined)
    return (
      <div class="changeable" id={`field${pointer}`}>
        <b>{name}</b>: {current === undefined ? 'not said' : <BodyValue name={field.name} value={current} />}{' '}
        <button
          type="submit"
          name="change-field"
          value={pointer}
          onClick={instead(() => {
            onChange(path, startOfChange(field, current));
            focusWithin(pointer);
          })}
        >
          Change<span class="unseen"> {name.toLowerCase()}</span>
        </button>
      </div>
    );
  return (
    <div class="item">
      {value === null ? (
        <p id={`field${pointer}`}>
          <b>{name}</b>: it will be empty.
          <input type="hidden" name="emptied" value={pointer} />
        </p>
      ) : (
        <Input field={field} path={path} form={form} onChange={onChange} />
      )}
      <button type="submit" name="drop-entry" value={pointer} onClick={instead(() => onChange(path, undefined))}>
        Leave {name.toLowerCase()} as it is
      </button>{' '}
      {current === undefined || value === null ? null : (
        <button type="submit" name="empty-field" value={pointer} onClick={instead(() => onChange(path, null))}>
          Empty it
        </button>
      )}
    </div>
  );
}

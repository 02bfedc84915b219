import type { VNode } from 'preact';
import { COORDINATE_PARAMETERS } from '../../http/address.js';
import type { ModelRow } from '../../http/model-answers.js';
import type { Frame } from '../../pages/page.js';
import { inWords } from '../../words/words.js';

/** A field of a form that narrows a list down. */
export interface FilterField {
  /** The name of the parameter. */
  readonly name: string;
  readonly label: string;
  /** A closed list of values to choose from. */
  readonly words?: readonly string[];
  /** Values that are worth trying, where any is possible; each may have a name that says more. */
  readonly suggestions?: readonly (string | NamedValue)[];
}

interface NamedValue {
  readonly value: string;
  readonly label: string;
}

interface FilterFormProps {
  readonly frame: Frame;
  readonly fields: readonly FilterField[];
}

/** A form that narrows a list down. It is an address like any other: it keeps the coordinate, and starts at the first page. */
export function FilterForm({ frame, fields }: FilterFormProps): VNode {
  const { parameters } = frame.address;
  const isNarrowed = fields.some(({ name }) => parameters.has(name));
  return (
    <form class="filter-form" method="get" action={frame.linkWith({}).replace(/\?.*/, '')} role="search">
      {[...COORDINATE_PARAMETERS, 'without'].map((name) =>
        parameters.has(name) ? <input type="hidden" name={name} value={parameters.get(name)} /> : null,
      )}
      {fields.map((field) => (
        <Field field={field} value={parameters.get(field.name) ?? ''} />
      ))}
      <button type="submit">Filter</button>
      {isNarrowed ? (
        <a href={frame.link(frame.address.path, { without: parameters.get('without') })}>Show all</a>
      ) : null}
    </form>
  );
}

function Field({ field, value }: { readonly field: FilterField; readonly value: string }): VNode {
  const id = `filter-${field.name}`;
  return (
    <span class="filter-field">
      <label for={id}>{field.label}</label>
      {field.words === undefined ? (
        <TextField field={field} id={id} value={value} />
      ) : (
        <select id={id} name={field.name}>
          <option value="">any</option>
          {field.words.map((word) => (
            <option value={word} selected={word === value}>
              {inWords(word)}
            </option>
          ))}
        </select>
      )}
    </span>
  );
}

interface TextFieldProps {
  readonly field: FilterField;
  readonly id: string;
  readonly value: string;
}

function TextField({ field: { name, suggestions = [] }, id, value }: TextFieldProps): VNode {
  const list = `${id}-list`;
  return (
    <>
      <input id={id} name={name} value={value} placeholder="any" list={suggestions.length > 0 ? list : undefined} />
      {suggestions.length === 0 ? null : (
        <datalist id={list}>
          {suggestions.map((each) =>
            typeof each === 'string' ? <option value={each} /> : <option value={each.value} label={each.label} />,
          )}
        </datalist>
      )}
    </>
  );
}

/** The field for the policy, with the policies that the list has on this page, by slug and title. */
export function policyField(rows: readonly Pick<ModelRow, 'policy' | 'policyTitle'>[]): FilterField {
  const titles = new Map(rows.map(({ policy, policyTitle }) => [policy, policyTitle ?? policy]));
  const suggestions = distinct([...titles.keys()]).map((value) => ({ value, label: titles.get(value) ?? value }));
  return { name: 'policy', label: 'Policy', suggestions };
}

/** Each text once, in the order of the alphabet. */
export const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();

import { pointerOf, valueAt, withoutEmpty } from './body.js';
import type { FormField } from './fields.js';
import type { FormErrors } from './sending.js';

/** A part of a form, in the order in which it is filled in. */
export interface FormSection {
  readonly title: string;
  readonly fields: readonly FormField[];
}

/** A form in three parts; what few events need is apart, so that it can be folded away. */
export interface FormSections {
  readonly source: FormSection;
  readonly event: FormSection;
  readonly rest: FormSection;
}

const OF_THE_SOURCE: ReadonlySet<string> = new Set(['policy', 'sources', 'publishedAt']);

/** What many events say, though none has to. */
const OFTEN_SAID: ReadonlySet<string> = new Set([
  'key',
  'epistemic',
  'actors',
  'counterparties',
  'status',
  'stance',
  'effective',
  'terms',
  'figures',
]);

/** Divides the fields of a form; the order stays that of the fields. */
export function divideFields(fields: readonly FormField[]): FormSections {
  const isOfSource = ({ name }: FormField): boolean => OF_THE_SOURCE.has(name);
  const isOfRest = ({ name, isRequired }: FormField): boolean => !isRequired && !OFTEN_SAID.has(name);
  // A policy is registered by what it is called, without a source.
  if (fields.some(({ name }) => name === 'slug'))
    return {
      source: { title: '', fields: [] },
      event: { title: 'The policy', fields: fields.filter(({ isRequired }) => isRequired) },
      rest: { title: 'More about it', fields: fields.filter(({ isRequired }) => !isRequired) },
    };
  return {
    source: { title: 'Who says so', fields: fields.filter(isOfSource) },
    event: {
      title: 'What happened',
      fields: fields.filter((field) => !isOfSource(field) && !isOfRest(field)),
    },
    rest: {
      title: 'More that the source says',
      fields: fields.filter((field) => !isOfSource(field) && isOfRest(field)),
    },
  };
}

/** True where something in a part of a form is filled in or mistaken: then it is to be seen. */
export const isInUse = ({ fields }: FormSection, body: unknown, errors: FormErrors): boolean =>
  fields.some(
    ({ name }) =>
      withoutEmpty(valueAt(body, [name])) !== undefined ||
      errors.some(({ pointer }) => `${pointer}/`.startsWith(`${pointerOf([name])}/`)),
  );

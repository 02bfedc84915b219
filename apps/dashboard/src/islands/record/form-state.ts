import type { Path } from '../../form/body.js';
import type { FormField } from '../../form/fields.js';
import type { FormErrors } from '../../form/sending.js';
import type { PolicyEvent } from '../../http/answers.js';

/** What all fields of a form look at. */
export interface FormState {
  readonly body: unknown;
  readonly errors: FormErrors;
  readonly policies: readonly { readonly policy: string; readonly title: string }[];
  readonly target: PolicyEvent | undefined;
  /** As an ISO date, in the zone of the log. */
  readonly today: string;
}

/** A field, its place in the body, and what to do with what is filled in. */
export interface FieldProps {
  readonly field: FormField;
  readonly path: Path;
  readonly form: FormState;
  readonly onChange: (path: Path, value: unknown) => void;
}

/** What a control of a simple field is given. */
export interface ControlProps extends FieldProps {
  readonly common: {
    readonly id: string;
    /** The place in the body: by it the form is read where no script sends it. */
    readonly name: string;
    readonly 'aria-describedby': string;
    readonly 'aria-invalid': boolean;
  };
}

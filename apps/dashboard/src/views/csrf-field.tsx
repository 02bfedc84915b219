import type { VNode } from 'preact';
import type { About } from '../http/answers.js';

/** What shows that a form is one of this page, to be sent with it by who is signed in. */
export const CsrfField = ({ about: { csrfToken } }: { readonly about: About }): VNode | null =>
  csrfToken === undefined ? null : <input type="hidden" name="csrf-token" value={csrfToken} />;

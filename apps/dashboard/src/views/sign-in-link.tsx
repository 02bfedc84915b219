import type { VNode } from 'preact';
import type { Frame } from '../pages/page.js';

/** Leads to where people sign in, and from there back to this page. */
export const SignInLink = ({ frame }: { readonly frame: Frame }): VNode => (
  <a href={`/sign-in?to=${encodeURIComponent(frame.linkWith({}))}`}>Sign in</a>
);

import type { VNode } from 'preact';
import type { Address } from '../http/address.js';
import type { Problem } from '../http/ask.js';
import { parametersAtFault, waysOut } from '../http/ways-out.js';
import type { ShownFailure } from './shell.js';

interface FailureProps {
  readonly problem: Problem;
  readonly address: Address;
}

/** What a page shows when its address could not be answered: what is wrong, where, and the ways on. */
export function Failure({ problem, address }: FailureProps): VNode {
  const { detail, errors, retryAfterSeconds } = problem;
  const said = errors.filter(({ message }) => !detail.includes(message));
  const ways = waysOut(problem, address);
  return (
    <div class="failure">
      <p>{detail}</p>
      {said.length === 0 ? null : (
        <ul>
          {said.map(({ pointer, message }) => (
            <li>
              {nameOf(pointer)}: {message}
            </li>
          ))}
        </ul>
      )}
      {retryAfterSeconds === undefined ? null : <p>It is asked again in {retryAfterSeconds} s.</p>}
      {ways.length === 0 ? null : (
        <ul class="ways">
          {ways.map(({ href, words }) => (
            <li key={href}>
              <a href={href}>{words}</a>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const LABELS: Readonly<Record<string, string>> = {
  knownAt: 'Known on',
  validAt: 'About',
  recordedAt: 'As recorded',
  from: 'From',
  to: 'To',
};

/** What is wrong, by the name that it has on the page. */
const nameOf = (pointer: string): string => {
  const name = pointer.replace(/^\/query\//, '');
  return LABELS[name] ?? name;
};

/** What a page tells of a problem, and which of its fields it marks. */
export const showFailure = (problem: Problem, address: Address): ShownFailure => ({
  atFault: parametersAtFault(problem),
  content: <Failure problem={problem} address={address} />,
});

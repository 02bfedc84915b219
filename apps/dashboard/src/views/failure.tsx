import type { VNode } from 'preact';
import type { Problem } from '../http/ask.js';

/** What a page shows when its address could not be answered: what is wrong, where, and what to do. */
export function Failure({ problem }: { readonly problem: Problem }): VNode {
  return (
    <div class="failure">
      <p>{problem.detail}</p>
      {problem.errors.length === 0 ? null : (
        <ul>
          {problem.errors.map(({ pointer, message }) => (
            <li>
              <code>{pointer}</code> {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

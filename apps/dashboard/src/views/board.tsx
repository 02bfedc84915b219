import type { VNode } from 'preact';
import type { BlameEntry, List, PolicyState } from '../http/answers.js';
import type { Frame } from '../pages/page.js';
import { countOf, inWords } from '../words/words.js';
import { edtfInWords } from '../words/dates.js';
import { StatusChip } from './status-chip.js';

/** The table of all policies: what holds, since when. */
export function Board({ list, frame }: { readonly list: List<PolicyState>; readonly frame: Frame }): VNode {
  if (list.items.length === 0) return <p class="empty">No policy was on record at this point.</p>;
  return (
    <>
      <div id="since-last-visit" />
      <div class="scroller" tabIndex={0} role="region" aria-label="Policies">
        <table class="board">
          <thead>
            <tr>
              <th scope="col">Policy</th>
              <th scope="col">Status</th>
              <th scope="col">Since</th>
              <th scope="col">Kind</th>
              <th scope="col" class="number">
                Events
              </th>
              <th scope="col">Not settled</th>
            </tr>
          </thead>
          <tbody>
            {list.items.map((policy) => (
              <PolicyRow key={policy.policy} policy={policy} frame={frame} />
            ))}
          </tbody>
        </table>
      </div>
      {list.next ? (
        <p>
          <a rel="next" href={frame.linkWith({ cursor: list.next })}>
            Next policies
          </a>
        </p>
      ) : null}
    </>
  );
}

function PolicyRow({ policy, frame }: { readonly policy: PolicyState; readonly frame: Frame }): VNode {
  const { status } = policy.state;
  const blame = policy.blame?.['status'];
  return (
    <tr>
      <th scope="row">
        <a href={frame.link(`/policies/${policy.policy}`)}>{policy.title}</a>
      </th>
      <td>
        <StatusChip status={typeof status === 'string' ? status : undefined} />
      </td>
      <td>{blame === undefined ? '' : <Since blame={blame} frame={frame} />}</td>
      <td>
        {inWords(policy.kind)}, {policy.jurisdiction}
      </td>
      <td class="number">{policy.eventCount}</td>
      <td>{policy.uncertain.length === 0 ? '' : countOf(policy.uncertain.length, 'statement')}</td>
    </tr>
  );
}

function Since({ blame, frame }: { readonly blame: BlameEntry; readonly frame: Frame }): VNode {
  return <a href={frame.link(`/events/${blame.event}`)}>{edtfInWords(blame.occurred)}</a>;
}

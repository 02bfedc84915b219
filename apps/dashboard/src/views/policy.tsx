import type { VNode } from 'preact';
import type { PromiseRow } from '../http/analysis/analysis-answers.js';
import type { BlameEntry, PolicyEvent, PolicyState, Source, Uncertain } from '../http/answers.js';
import type { HistoryRow } from '../graphics/lanes/history-segments.js';
import type { Frame } from '../pages/page.js';
import { edtfInWords } from '../words/dates.js';
import { countOf, fieldInWords, inWords, valueInWords } from '../words/words.js';
import { withoutIn } from '../http/analysis/left-out.js';
import { PromiseTable } from './analysis/promise-table.js';
import { EventList } from './event-list.js';
import { NothingKnown } from './parts/nothing-known.js';
import { SameAs, SourceTitle } from './parts/references.js';
import { StatusLane } from './lanes/status-lane.js';
import { StatusChip } from './status-chip.js';
import { flatten } from './state-fields.js';

interface PolicyProps {
  readonly policy: PolicyState;
  readonly newest: readonly PolicyEvent[];
  /** The history of its status. */
  readonly history: readonly HistoryRow[];
  readonly promises: readonly PromiseRow[];
  readonly hasMorePromises: boolean;
  readonly frame: Frame;
  /** When something was known first, where nothing is known. */
  readonly firstKnown?: string | undefined;
}

/** A policy: what holds, says who, what is not settled, and the newest events. */
export function PolicyView({
  policy,
  newest,
  history,
  promises,
  hasMorePromises,
  firstKnown,
  frame,
}: PolicyProps): VNode {
  const { status } = policy.state;
  return (
    <>
      <p class="lead">
        <StatusChip status={typeof status === 'string' ? status : undefined} /> {inWords(policy.kind)},{' '}
        {policy.jurisdiction}, {countOf(policy.eventCount, 'event')} known.
      </p>
      <SameAs addresses={policy.sameAs ?? []} />
      {policy.eventCount === 0 ? (
        <NothingKnown knownAt={policy.coordinate.knownAt} firstKnown={firstKnown} frame={frame} />
      ) : null}
      <StatusLane policy={policy} history={history} frame={frame} />
      <section aria-labelledby="state-title">
        <h2 id="state-title">What holds</h2>
        <StateTable policy={policy} frame={frame} />
      </section>
      <PolicyPromises policy={policy} promises={promises} hasMorePromises={hasMorePromises} frame={frame} />
      {policy.hypothetical ? null : <NewestEvents policy={policy} newest={newest} frame={frame} />}
    </>
  );
}

function PolicyPromises({
  policy: { policy },
  promises,
  hasMorePromises,
  frame,
}: Pick<PolicyProps, 'policy' | 'promises' | 'hasMorePromises' | 'frame'>): VNode | null {
  if (promises.length === 0) return null;
  return (
    <section aria-labelledby="promises-title">
      <h2 id="promises-title">What was promised</h2>
      <PromiseTable label="Promises" rows={promises} frame={frame} isOfOnePolicy />
      <p>
        {hasMorePromises ? `These are the first ${promises.length}. ` : ''}
        <a href={frame.link('/promises', { policy, without: withoutIn(frame.address) })}>
          All of them, counted by who made them
        </a>
      </p>
    </section>
  );
}

function NewestEvents({ policy: { policy }, newest, frame }: Pick<PolicyProps, 'policy' | 'newest' | 'frame'>): VNode {
  return (
    <section aria-labelledby="events-title">
      <h2 id="events-title">Newest events</h2>
      <EventList events={newest} frame={frame} />
      <p>
        <a href={frame.link(`/policies/${policy}/timeline`)}>All events</a> ·{' '}
        <a href={frame.link(`/policies/${policy}/history`, { field: 'status' })}>What we thought, when</a> ·{' '}
        <a href={frame.link(`/policies/${policy}/diff`)}>Compare two dates</a> ·{' '}
        <a href={frame.link('/turns', { policy })}>Who changed position</a>
        {frame.about.writes === 'open' && !frame.address.isEmbedded ? (
          <>
            {' '}
            · <a href={`/record?policy=${encodeURIComponent(policy)}`}>Record an event about it</a>
          </>
        ) : null}
      </p>
    </section>
  );
}

function StateTable({ policy, frame }: Pick<PolicyProps, 'policy' | 'frame'>): VNode {
  const fields = flatten(policy.state);
  const certain = new Set(fields.map(({ field }) => field));
  const alone = policy.uncertain.filter(({ field }) => !certain.has(field));
  if (fields.length === 0 && alone.length === 0) return <p class="empty">Nothing was publicly known at this point.</p>;
  return (
    <div class="scroller" tabIndex={0} role="region" aria-label="Fields and values">
      <table class="state">
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Value</th>
            <th scope="col">Since</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ field, value }) => (
            <FieldRows
              field={field}
              value={value}
              blame={policy.blame?.[field]}
              uncertain={policy.uncertain.filter((each) => each.field === field)}
              frame={frame}
            />
          ))}
          {alone.map((each) => (
            <UncertainRow uncertain={each} frame={frame} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface FieldProps {
  readonly field: string;
  readonly value: unknown;
  readonly blame: BlameEntry | undefined;
  readonly uncertain: readonly Uncertain[];
  readonly frame: Frame;
}

function FieldRows({ field, value, blame, uncertain, frame }: FieldProps): VNode {
  return (
    <>
      <tr>
        <th scope="row">{fieldInWords(field)}</th>
        <td>{field === 'status' && typeof value === 'string' ? <StatusChip status={value} /> : valueInWords(value)}</td>
        <td>{blame === undefined ? '' : edtfInWords(blame.occurred)}</td>
        <td>{blame === undefined ? '' : <Why blame={blame} frame={frame} />}</td>
      </tr>
      {uncertain.map((each) => (
        <UncertainRow uncertain={each} frame={frame} />
      ))}
    </>
  );
}

function Why({ blame, frame }: { readonly blame: BlameEntry; readonly frame: Frame }): VNode {
  return (
    <details>
      <summary>{blame.event}</summary>
      <p>
        Public since {frame.dates.day(blame.publishedAt)}, position @{blame.position}.{' '}
        <a href={frame.link(`/events/${blame.event}`)}>The event</a>
      </p>
      <ul>
        {blame.sources.map((source) => (
          <li>
            <SourceLine source={source} />
          </li>
        ))}
      </ul>
      {blame.replaced === null ? null : (
        <p>
          Before it: <a href={frame.link(`/events/${blame.replaced}`)}>{blame.replaced}</a>
        </p>
      )}
      {blame.correctedBy.map((key) => (
        <p>
          Corrected by <a href={frame.link(`/events/${key}`)}>{key}</a>
        </p>
      ))}
    </details>
  );
}

/** A source: publisher, title as a link where it has an address, and day. */
export function SourceLine({ source }: { readonly source: Source }): VNode {
  return (
    <>
      {source.publisher}: <SourceTitle source={source} />, {edtfInWords(source.publishedAt.slice(0, 10))}
    </>
  );
}

function UncertainRow({ uncertain, frame }: { readonly uncertain: Uncertain; readonly frame: Frame }): VNode {
  const { from, settled } = uncertain;
  return (
    <tr class="uncertain">
      <th scope="row">{fieldInWords(uncertain.field)}, not settled</th>
      <td colSpan={3}>
        Perhaps {valueInWords(uncertain.value)}
        {from === null ? '' : ` since ${frame.dates.day(from)}`}
        {settled === null ? ', with no end to the doubt' : `, certain from ${frame.dates.day(settled)}`};{' '}
        <a href={frame.link(`/events/${uncertain.event}`)}>{uncertain.event}</a>. A source with a date would settle it.
      </td>
    </tr>
  );
}

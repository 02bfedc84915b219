import type { ComponentChildren, VNode } from 'preact';
import type { Source } from '../../http/answers.js';
import type { FullEvent } from '../../http/events/event-answers.js';
import type { Titles } from '../../http/titles.js';
import type { Frame } from '../../pages/page.js';
import { edtfInWords } from '../../words/dates.js';
import { fieldName, relationInWords, typeInWords } from '../../words/event-words.js';
import { inWords } from '../../words/words.js';
import { type RestedOn, RestsOnEvent } from '../analysis/rests-on-event.js';
import { EventLink, SourceTitle, textOrErased } from '../parts/references.js';
import { StatusChip } from '../status-chip.js';
import { BodyValue } from './body-value.js';
import { EventMarks } from './event-marks.js';
import { EventTimes } from './event-times.js';
import { RecordChanges } from './record-changes.js';

interface EventProps {
  readonly event: FullEvent;
  readonly titles: Titles;
  /** What rests on it; absent where that cannot be read. */
  readonly rests?: RestedOn | undefined;
  readonly frame: Frame;
}

/** One event: what it says, when, who says so, what it is linked to, what was changed about it since, and its proof. */
export function EventInFull({ event, titles, rests, frame }: EventProps): VNode {
  return (
    <article>
      <p class="lead">
        {typeInWords(event.type)}
        <EventMarks event={event} /> · <PolicyOf event={event} titles={titles} frame={frame} />
      </p>
      <EventTimes event={event} frame={frame} />
      <Part title="What it says">
        <Body event={event} />
      </Part>
      <Sources event={event} frame={frame} />
      <Links event={event} frame={frame} />
      {rests === undefined ? null : <RestsOnEvent event={event.key} rests={rests} frame={frame} />}
      <RecordChanges event={event} frame={frame} />
      <Part title="Check it">
        <Proof event={event} />
      </Part>
      {frame.about.writes === 'open' && !frame.address.isEmbedded ? (
        <Part title="Is something wrong?">
          <Mend event={event.key} />
        </Part>
      ) : null}
    </article>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ComponentChildren }): VNode {
  return (
    <section>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function PolicyOf({ event: { policy, alsoPolicies = [] }, titles, frame }: EventProps): VNode {
  return (
    <>
      {[policy, ...alsoPolicies].map((slug, index) => (
        <>
          {['', ' · also '][index] ?? ', '}
          <a href={frame.link(`/policies/${slug}`)}>{titles[slug] ?? slug}</a>
        </>
      ))}
    </>
  );
}

/** Fields of an event that the page shows in places of their own, or that the frame of the answer has. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  ...['id', 'key', 'type', 'policy', 'alsoPolicies', 'position', 'revision', 'recordedAt', 'knownFrom', 'occurred'],
  ...['publishedAt', 'dating', 'datedBy', 'summary', 'status', 'sources', 'attachedSources', 'withdrawnSources'],
  ...['links', 'linkedFrom', 'corrections', 'correctedBy', 'recordedAs', 'retracted', 'retractedBy', 'ordinal'],
  ...['coordinate', 'permalink', 'url', 'meta', 'target'],
]);

function Body({ event }: { readonly event: FullEvent }): VNode {
  const { status } = event;
  const others = Object.entries(event).filter(([name]) => !ELSEWHERE.has(name));
  return (
    <dl class="body">
      <dt>summary</dt>
      <dd>{textOrErased(event.summary)}</dd>
      {status === undefined ? null : (
        <>
          <dt>status</dt>
          <dd>{status === null ? 'no change' : <StatusChip status={status} />}</dd>
        </>
      )}
      {others.map(([name, value]: [string, unknown]) => (
        <>
          <dt>{fieldName(name)}</dt>
          <dd>
            <BodyValue name={name} value={value} />
          </dd>
        </>
      ))}
    </dl>
  );
}

function Sources({ event, frame }: Omit<EventProps, 'titles'>): VNode {
  const { sources = [], attachedSources = [], withdrawnSources = [] } = event;
  return (
    <Part title="Who says so">
      {sources.length + attachedSources.length === 0 ? <p class="empty">No source is cited.</p> : null}
      <ul class="sources">
        {sources.map((source) => (
          <li>
            <SourceInFull source={source} />
          </li>
        ))}
        {attachedSources.map(({ by, source }) => (
          <li>
            <SourceInFull source={source} />
            <p class="by">
              Attached later by <EventLink event={by} frame={frame} />
            </p>
          </li>
        ))}
        {withdrawnSources.map(({ by, publisher, title }) => (
          <li>
            {publisher} withdrew <cite>{title}</cite>, as <EventLink event={by} frame={frame} /> tells
          </li>
        ))}
      </ul>
    </Part>
  );
}

/** A source with all that helps to find it again: place in the text, kind, and the hash of the copy that was read. */
function SourceInFull({ source }: { readonly source: Source }): VNode {
  return (
    <>
      {source.publisher}: <SourceTitle source={source} />, {edtfInWords(source.publishedAt.slice(0, 10))},{' '}
      {inWords(source.genre)}
      {source.locator === undefined ? null : `, ${source.locator}`}
      {source.sha256 === undefined ? null : (
        <p class="by">
          SHA-256 of the copy read: <code class="hash">{source.sha256}</code>
        </p>
      )}
    </>
  );
}

function Links({ event, frame }: Omit<EventProps, 'titles'>): VNode | null {
  const links = [
    ...(event.target === undefined ? [] : [{ words: 'speaks of', key: event.target }]),
    ...(event.links ?? []).map(({ rel, to }) => ({ words: relationInWords(rel, 'forwards'), key: to })),
    ...event.linkedFrom.map(({ rel, from }) => ({ words: relationInWords(rel, 'backwards'), key: from })),
  ];
  if (links.length === 0) return null;
  return (
    <Part title="What it is linked to">
      <ul>
        {links.map(({ words, key }) => (
          <li>
            {words} <EventLink event={key} frame={frame} />
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Proof({ event: { key, position } }: Pick<EventProps, 'event'>): VNode {
  return (
    <p>
      <a href={`/v1/audit/proof/inclusion?event=${encodeURIComponent(key)}`}>
        Proof that it is in the log at @{position}
      </a>{' '}
      (JSON)
    </p>
  );
}

function Mend({ event }: { readonly event: string }): VNode {
  const encoded = encodeURIComponent(event);
  return (
    <ul>
      <li>
        <a href={`/record?corrects=${encoded}`}>Record a correction</a>: some of it is recorded wrongly
      </li>
      <li>
        <a href={`/record?retracts=${encoded}`}>Record a retraction</a>: it should not be on record at all
      </li>
    </ul>
  );
}

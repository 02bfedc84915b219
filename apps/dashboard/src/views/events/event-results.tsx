import type { ComponentChildren, VNode } from 'preact';
import { groupBy } from '../../group-by.js';
import type { PolicyEvent } from '../../http/answers.js';
import type { EventsData } from '../../http/events/event-questions.js';
import type { Frame } from '../../pages/page.js';
import { edtfInWords } from '../../words/dates.js';
import { typeInWords } from '../../words/event-words.js';
import { NextPage } from '../parts/next-page.js';
import { NearNames, WithoutEach } from '../parts/no-rows.js';
import { textOrErased } from '../parts/references.js';
import { StatusChip } from '../status-chip.js';
import { EventMarks } from './event-marks.js';
import { EventSearch, filterInWords } from './event-search.js';
import { MarkedText } from './marked-text.js';

interface EventsProps extends EventsData {
  readonly frame: Frame;
  readonly filters: readonly string[];
  /** What stands between the search and what it found. */
  readonly children?: ComponentChildren;
}

/** Events that were found: by policy where words were searched for in all, by year otherwise. */
export function EventResults({ list, titles, dropped, frame, filters, children }: EventsProps): VNode {
  const isSearch = frame.address.parameters.has('q') && filters.includes('policy');
  return (
    <>
      <EventSearch frame={frame} events={list.items} titles={titles} filters={filters} />
      {children}
      {list.items.length === 0 ? (
        <NothingFound list={list} titles={titles} dropped={dropped} frame={frame} />
      ) : (
        groupsOf(list.items, isSearch ? ({ policy }) => policy : yearOf).map(({ name, events }) => (
          <section>
            <h2>{isSearch ? <a href={frame.link(`/policies/${name}/timeline`)}>{titles[name] ?? name}</a> : name}</h2>
            <ol class="events">
              {events.map((event) => (
                <EventItem event={event} titles={filters.includes('policy') && !isSearch ? titles : {}} frame={frame} />
              ))}
            </ol>
          </section>
        ))
      )}
      <NextPage frame={frame} next={list.next} things="events" />
    </>
  );
}

interface Group {
  readonly name: string;
  readonly events: readonly PolicyEvent[];
}

/** Puts events of one name together, in the order in which the names come first. */
function groupsOf(events: readonly PolicyEvent[], nameOf: (event: PolicyEvent) => string): readonly Group[] {
  return [...groupBy(events, nameOf)].map(([name, grouped]) => ({ name, events: grouped }));
}

/** The year in which an event happened at the earliest, as its date says. */
const yearOf = ({ occurred }: PolicyEvent): string => /\d{4}/.exec(occurred)?.[0] ?? 'Undated';

interface ItemProps {
  readonly event: PolicyEvent;
  /** Titles of policies where the item is to say which one it is about. */
  readonly titles: Readonly<Record<string, string>>;
  readonly frame: Frame;
}

function EventItem({ event, titles, frame }: ItemProps): VNode {
  const search = frame.address.parameters.get('q');
  const { key, policy, status } = event;
  return (
    <li class={event.retractedBy?.length ? 'is-retracted' : undefined}>
      <p class="when">
        {edtfInWords(event.occurred)} <span class="type">{typeInWords(event.type)}</span>
        <EventMarks event={event} />
      </p>
      <p>
        <a href={frame.link(`/events/${key}`)}>
          <MarkedText text={textOrErased(event.summary)} search={search} />
        </a>
      </p>
      <p class="by">
        {titles[policy] === undefined ? null : (
          <>
            <a href={frame.link(`/policies/${policy}`)}>{titles[policy]}</a>
            {' · '}
          </>
        )}
        {status ? (
          <>
            <StatusChip status={status} />{' '}
          </>
        ) : null}
        <MarkedText text={(event.sources ?? []).map(({ publisher }) => publisher).join(', ')} search={search} />
        {event.sources?.length ? ' · ' : ''}known first on {frame.dates.day(event.knownFrom)}
      </p>
    </li>
  );
}

/** Says what to do about an empty list: which filter to take out, and how much there is without it. */
function NothingFound({ list, titles, dropped, frame }: Omit<EventsProps, 'filters'>): VNode {
  return (
    <div class="empty">
      <p>No event fits that was known at this point.</p>
      <WithoutEach
        dropped={dropped}
        thing="event"
        words={(name, value) => filterInWords(name, value, titles)}
        frame={frame}
      />
      <NearNames near={list.near ?? []} name="actor" frame={frame} />
    </div>
  );
}

import type { ComponentChildren, VNode } from 'preact';
import type { Impact } from '../../http/analysis/analysis-answers.js';
import type { SourceRow } from '../../http/model-answers.js';
import type { Titles } from '../../http/titles.js';
import type { Frame } from '../../pages/page.js';
import { edtfInWords } from '../../words/dates.js';
import { promiseStateInWords } from '../../words/analysis/slip.js';
import { countOf, fieldInWords, valueInWords } from '../../words/words.js';
import { FilterForm } from '../parts/filter-form.js';
import { EventLink, SourceTitle, textOrErased } from '../parts/references.js';
import { RowsTable } from '../parts/rows-table.js';
import { RestingList } from './resting-list.js';

/** What rests on a thing; nothing where the address names none. */
export interface ImpactData {
  readonly impact: Impact | undefined;
  readonly titles: Titles;
  /** The source that is asked about, where it is one that was found. */
  readonly source?: SourceRow | undefined;
}

interface ImpactProps extends ImpactData {
  readonly frame: Frame;
}

/** What rests on an event, a source or an actor, and what would read otherwise without it. */
export function ImpactView({ impact, titles, source, frame }: ImpactProps): VNode {
  if (impact === undefined) return <Question frame={frame} />;
  const { kind, id } = impact.of;
  const rests = kind === 'event' ? impact.rests.filter(({ event }) => event !== id) : impact.rests;
  return (
    <>
      <p class="lead">
        <Subject impact={impact} source={source} frame={frame} />
      </p>
      <p>
        <Falling impact={impact} /> <Counted impact={impact} resting={rests.length} />
      </p>
      <Part title="What would read otherwise" isEmpty={impact.changed.length === 0} empty="No field of any policy.">
        <Changed impact={impact} titles={titles} frame={frame} />
      </Part>
      <WhatIf impact={impact} titles={titles} frame={frame} />
      <Part title="Promises" isEmpty={impact.promises.length === 0} empty="What became of every promise stays.">
        <ChangedPromises impact={impact} frame={frame} />
      </Part>
      <Part title="What has something else behind it" isEmpty={impact.shared.length === 0}>
        <Shared impact={impact} frame={frame} />
      </Part>
      <Part title="Figures that would no longer conflict" isEmpty={impact.conflictsResolved.length === 0}>
        <ul>
          {impact.conflictsResolved.map((pair) => (
            <li>
              {pair.map((event, index) => (
                <>
                  {index === 0 ? '' : ' and '}
                  <EventLink event={event} frame={frame} />
                </>
              ))}
            </li>
          ))}
        </ul>
      </Part>
      <Part title="Citations that rest on it" isEmpty={(impact.citations ?? []).length === 0}>
        <Citations citations={impact.citations ?? []} />
      </Part>
      <Part title="Events that rest on it" isEmpty={rests.length === 0} empty="None.">
        <RestingList rests={rests} frame={frame} />
      </Part>
    </>
  );
}

/** The form by which a thing is named. */
export function Question({ frame }: { readonly frame: Frame }): VNode {
  return (
    <>
      <p class="lead">Name one thing, to see what rests on it and what would read otherwise without it.</p>
      <FilterForm
        frame={frame}
        fields={[
          { name: 'event', label: 'Key of an event' },
          { name: 'source', label: 'Id of a source' },
          { name: 'actor', label: 'Name of an actor' },
        ]}
      />
      <p class="quiet">
        The pages of <a href={frame.link('/events')}>events</a>, <a href={frame.link('/sources')}>sources</a> and{' '}
        <a href={frame.link('/actors')}>actors</a> lead here.
      </p>
    </>
  );
}

interface PartProps {
  readonly title: string;
  readonly isEmpty: boolean;
  /** What an empty part says; one without words is left out. */
  readonly empty?: string;
  readonly children: ComponentChildren;
}

function Part({ title, isEmpty, empty, children }: PartProps): VNode | null {
  if (isEmpty && empty === undefined) return null;
  return (
    <section>
      <h2>{title}</h2>
      {isEmpty ? <p class="empty">{empty}</p> : children}
    </section>
  );
}

function Subject({ impact: { of, rests }, source, frame }: OfImpact & Pick<ImpactProps, 'source'>): VNode {
  if (of.kind === 'actor') return <a href={frame.link('/events', { actor: of.id })}>{of.id}</a>;
  if (of.kind !== 'source')
    return (
      <EventLink event={of.id} frame={frame}>
        {textOrErased(rests.find(({ event }) => event === of.id)?.summary ?? of.id)}
      </EventLink>
    );
  if (source === undefined) return <>The source {of.id}</>;
  return (
    <>
      {source.publisher}: <SourceTitle source={source} />, {edtfInWords(source.publishedAt.slice(0, 10))}
    </>
  );
}

function Falling({ impact: { of, falls } }: { readonly impact: Impact }): VNode {
  if (of.kind === 'event' || of.kind === 'correction') return <>Had it never been recorded:</>;
  const things = of.kind === 'source' ? 'rest on it alone' : 'name nobody else';
  return (
    <>
      {countOf(falls.length, 'event')} {falls.length === 1 ? things.replace(/^(rest|name)/, '$1s') : things} and would
      not be there.
    </>
  );
}

interface CountedProps {
  readonly impact: Impact;
  readonly resting: number;
}

function Counted({ impact: { changed, promises }, resting }: CountedProps): VNode {
  return (
    <>
      {countOf(changed.length, 'field')} would read otherwise, {countOf(promises.length, 'promise')} would have become
      something else, and {countOf(resting, 'event')} {resting === 1 ? 'rests' : 'rest'} on it, directly or by links.
    </>
  );
}

type OfImpact = Omit<ImpactProps, 'impact' | 'titles'> & { readonly impact: Impact };

const WHYS = { 'left-out': 'what falls is behind it', redated: 'the order or the dates of others move' } as const;

function Changed({ impact, titles, frame }: OfImpact & Pick<ImpactProps, 'titles'>): VNode {
  return (
    <RowsTable
      label="What would read otherwise"
      rows={impact.changed}
      columns={[
        { title: 'Field', cell: ({ field }) => fieldInWords(field) },
        {
          title: 'Policy',
          cell: ({ policy }) => <a href={frame.link(`/policies/${policy}`)}>{titles[policy] ?? policy}</a>,
        },
        { title: 'Now', cell: (change) => valueInWords(change.with) },
        { title: 'Without it', cell: ({ without }) => valueInWords(without) },
        { title: 'Because', cell: ({ why }) => WHYS[why] },
      ]}
    />
  );
}

/** Leads to the policies as they would be without it. */
function WhatIf({ impact: { of, changed }, titles, frame }: OfImpact & Pick<ImpactProps, 'titles'>): VNode | null {
  const policies = [...new Set(changed.map(({ policy }) => policy))];
  if (policies.length === 0 || of.kind === 'actor') return null;
  const without = `${of.kind === 'source' ? 'source' : 'event'}:${of.id}`;
  return (
    <p>
      As they would be without it:{' '}
      {policies.map((policy, index) => (
        <>
          {index === 0 ? '' : ' · '}
          <a href={frame.link(`/policies/${policy}`, { without })}>{titles[policy] ?? policy}</a>
        </>
      ))}
    </p>
  );
}

function ChangedPromises({ impact, frame }: OfImpact): VNode {
  return (
    <RowsTable
      label="Promises that would have become something else"
      rows={impact.promises}
      columns={[
        { title: 'Promise', cell: ({ promise }) => <EventLink event={promise} frame={frame} /> },
        { title: 'Now', cell: (change) => stateOrNone(change.with) },
        { title: 'Without it', cell: ({ without }) => stateOrNone(without) },
      ]}
    />
  );
}

const CITATION_WHYS = {
  changed: 'it would read otherwise',
  evidence: 'what falls was in force then',
} as const;

function Citations({ citations }: { readonly citations: NonNullable<Impact['citations']> }): VNode {
  return (
    <ul>
      {citations.map(({ id, title, why }) => (
        <li>
          <a href={`/c/${id}`}>{title}</a>: {CITATION_WHYS[why]}
        </li>
      ))}
    </ul>
  );
}

const stateOrNone = (state: string | null): string => (state === null ? 'not there' : promiseStateInWords(state));

function Shared({ impact: { of, shared }, frame }: OfImpact): VNode {
  return (
    <RowsTable
      label="What has something else behind it"
      rows={shared}
      columns={[
        { title: 'Field', cell: ({ field }) => fieldInWords(field) },
        {
          title: 'Policy',
          cell: ({ policy }) => <a href={frame.link(`/policies/${policy}`)}>{policy}</a>,
        },
        { title: 'Event', cell: ({ event }) => <EventLink event={event} frame={frame} /> },
        {
          title: 'Else behind it',
          cell: ({ legs }) => (
            <ul class="both">
              {legs.map((leg) => (
                <li>
                  {of.kind === 'source' ? (
                    <a href={frame.link('/impact', { source: leg })}>another source</a>
                  ) : (
                    <EventLink event={leg} frame={frame} />
                  )}
                </li>
              ))}
            </ul>
          ),
        },
      ]}
    />
  );
}

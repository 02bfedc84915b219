import type { VNode } from 'preact';
import {
  type DifferenceOf,
  type FieldChange,
  type Side,
  coordinateOfSide,
} from '../../http/compare/difference-answers.js';
import type { Titles } from '../../http/titles.js';
import { CompareSteps } from '../../islands/time/compare-steps.js';
import type { Frame } from '../../pages/page.js';
import { WHY_WORDS, whyInWords } from '../../words/compare/whys.js';
import { capitalise, countOf, fieldInWords } from '../../words/words.js';
import { type Column, RowsTable } from '../parts/rows-table.js';
import { ChangedValue } from './changed-value.js';
import { DifferenceForm } from './difference-form.js';
import { differenceInWords } from './difference-words.js';
import { spansFor } from './spans.js';
import { SideSentence } from './side-sentence.js';

interface DifferenceProps {
  /** Nothing until both sides are chosen. */
  readonly difference: DifferenceOf | null;
  readonly titles: Titles;
  /** What events say, by their keys. */
  readonly summaries: Readonly<Record<string, string>>;
  readonly frame: Frame;
}

/** What differs between two coordinates, and why. */
export function DifferenceView({ difference, titles, summaries, frame }: DifferenceProps): VNode {
  if (difference === null)
    return (
      <>
        <p class="lead">Choose two dates to see what changed from one to the other, and because of what.</p>
        <DifferenceForm frame={frame} />
        <Spans frame={frame} />
      </>
    );
  const { changes, added, removed } = difference;
  return (
    <>
      <DifferenceForm frame={frame} />
      <SideSentence side="from" coordinate={difference.from} frame={frame} />
      <SideSentence side="to" coordinate={difference.to} frame={frame} />
      <CompareSteps difference={difference} frame={frame} />
      <p class="stat">{differenceInWords(difference)}</p>
      {groupsOf(changes, frame.address.parameters.get('group') === 'policy' ? 'policy' : 'why', titles).map((group) => (
        <section class={`changes ${group.className}`}>
          <h2>{group.title}</h2>
          {group.note === '' ? null : <p class="quiet">{group.note}</p>}
          <RowsTable
            label={group.title}
            columns={columnsOf(group, { titles, summaries }, frame)}
            rows={group.changes}
          />
        </section>
      ))}
      <EventKeys title="Events added" keys={added} side="to" frame={frame} />
      <EventKeys title="Events no longer in force" keys={removed} side="from" frame={frame} />
      <p class="quiet">
        <a href={difference.permalink.replace(/^\/v1/, '')}>Pinned link to this comparison</a> ·{' '}
        <a href={difference.permalink}>its data as JSON</a>
      </p>
    </>
  );
}

/** Comparisons that are one click away: spans that end on the day that the reader comes from, and from there to today. */
function Spans({ frame }: { readonly frame: Frame }): VNode {
  const today = frame.dates.isoDay(new Date().toISOString());
  return (
    <p>
      Or see what changed{' '}
      {spansFor(frame.address.parameters, today).map(({ words, from, to }, index) => (
        <>
          {index === 0 ? '' : ' · '}
          <a href={frame.linkWith({ knownAt: undefined, from, to })}>{words}</a>
        </>
      ))}
    </p>
  );
}

interface ChangeGroup {
  readonly by: 'why' | 'policy';
  readonly title: string;
  readonly note: string;
  readonly className: string;
  readonly changes: readonly FieldChange[];
}

function groupsOf(changes: readonly FieldChange[], by: 'why' | 'policy', titles: Titles): readonly ChangeGroup[] {
  if (by === 'why') {
    const whys = [...new Set([...WHY_WORDS.map(({ why }) => why), ...changes.map(({ why }) => why)])];
    return whys.flatMap((why) => {
      const { icon, word, sentence } = whyInWords(why);
      const some = changes.filter((change) => change.why === why);
      const title = `${icon} ${capitalise(word)}`.trim();
      return some.length === 0 ? [] : [{ by, title, note: sentence, className: `why-${why}`, changes: some }];
    });
  }
  return [...new Set(changes.map(({ policy }) => policy))].map((policy) => ({
    by,
    title: titles[policy] ?? policy,
    note: '',
    className: '',
    changes: changes.filter((change) => change.policy === policy),
  }));
}

function columnsOf(
  { by }: ChangeGroup,
  { titles, summaries }: Pick<DifferenceProps, 'titles' | 'summaries'>,
  frame: Frame,
): readonly Column<FieldChange>[] {
  const isOfAll = frame.address.path === '/diff';
  return [
    {
      title: 'Field',
      cell: ({ policy, field }) => (
        <>
          {fieldInWords(field)}
          {by === 'why' && isOfAll ? (
            <a class="aside" href={frame.link(`/policies/${policy}`, coordinateOfSide(frame.address, 'to'))}>
              {titles[policy] ?? policy}
            </a>
          ) : null}
        </>
      ),
    },
    { title: 'Before', cell: (change) => <ChangedValue {...change} side="before" /> },
    { title: 'After', cell: (change) => <ChangedValue {...change} side="after" /> },
    ...(by === 'why' ? [] : [{ title: 'Why', cell: ({ why }: FieldChange) => <Why why={why} /> }]),
    { title: 'Because of', cell: ({ causes }) => <Causes causes={causes} summaries={summaries} frame={frame} /> },
  ];
}

function Why({ why }: { readonly why: string }): VNode {
  const { icon, word } = whyInWords(why);
  return (
    <>
      <span aria-hidden="true">{icon}</span> {word}
    </>
  );
}

interface CausesProps {
  readonly causes: readonly string[];
  readonly summaries: Readonly<Record<string, string>>;
  readonly frame: Frame;
}

function Causes({ causes, summaries, frame }: CausesProps): VNode {
  return (
    <ul class="plain">
      {causes.map((key) => (
        <li>
          <a href={frame.link(`/events/${key}`, coordinateOfSide(frame.address, 'to'))}>{summaries[key] ?? key}</a>
        </li>
      ))}
    </ul>
  );
}

interface KeysProps {
  readonly title: string;
  readonly keys: readonly string[];
  /** The side at which the events are in force. */
  readonly side: Side;
  readonly frame: Frame;
}

function EventKeys({ title, keys, side, frame }: KeysProps): VNode | null {
  if (keys.length === 0) return null;
  return (
    <details class="event-keys">
      <summary>
        {title}: {countOf(keys.length, 'event')}
      </summary>
      <ul>
        {keys.map((key) => (
          <li>
            <a href={frame.link(`/events/${key}`, coordinateOfSide(frame.address, side))}>{key}</a>
          </li>
        ))}
      </ul>
    </details>
  );
}

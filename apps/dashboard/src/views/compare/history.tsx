import type { VNode } from 'preact';
import { writeQuery } from '../../http/address.js';
import type { List } from '../../http/answers.js';
import type { HistoryRow } from '../../graphics/lanes/history-segments.js';
import type { HistoryBox, Stretch } from '../../http/history-answers.js';
import type { Frame } from '../../pages/page.js';
import { type BeliefLine, beliefsWithDoubts, reasonInWords } from '../../words/compare/doubts.js';
import type { DateWords } from '../../words/dates.js';
import { countOf, fieldInWords, valueInWords } from '../../words/words.js';
import { FilterForm } from '../parts/filter-form.js';
import { NextPage } from '../parts/next-page.js';
import { EventLink } from '../parts/references.js';
import { type Column, RowsTable } from '../parts/rows-table.js';
import { Graphic } from '../plots/graphic.js';
import type { PlanePoint } from '../plots/plane-card.js';
import { StatusChip } from '../status-chip.js';

interface HistoryProps {
  readonly list: List<HistoryBox>;
  /** All accounts of the field asked for, with what was only thought possible. */
  readonly whole: readonly HistoryRow[];
  /** The paths of the fields that the policy has now. */
  readonly fields: readonly string[];
  readonly slug: string;
  readonly frame: Frame;
}

/** What we thought of a policy, and when: the values of its fields with the stretches of the three times in which they held. */
export function HistoryView({ list, whole, fields, slug, frame }: HistoryProps): VNode {
  const field = frame.address.parameters.get('field');
  const choices = [...new Set([...fields, ...(field === undefined ? [] : [field])])];
  const current = list.items.filter(({ recorded }) => recorded.to === null);
  const replaced = list.items.filter(({ recorded }) => recorded.to !== null);
  return (
    <>
      <p>
        <a href={frame.link(`/policies/${slug}`)}>The policy</a>
      </p>
      <FilterForm frame={frame} fields={[{ name: 'field', label: 'Field', words: choices }]} />
      {field === undefined ? null : <Beliefs list={list} whole={whole} frame={frame} />}
      {field === undefined ? null : (
        <div id="plane">
          <Graphic
            place="plane"
            draw={({ HistoryPlane }) => (
              <HistoryPlane
                boxes={whole}
                zone={frame.about.timeZone}
                about={list.coordinate.validAt}
                linkTo={(event) => `/events/${event}`}
                compare={(from, to) => compareAt(slug, from, to)}
                cutAt={(day) => frame.linkWith({ validAt: day, cursor: undefined })}
              />
            )}
          />
          <Graphic place="legend" draw={({ Legend }) => <Legend of="plane" />} />
        </div>
      )}
      <section id="table-of-values">
        <h2 tabIndex={-1}>As our record stands</h2>
        {current.length === 0 ? (
          <p class="empty">{field === undefined ? 'No field' : fieldInWords(field)} had a value on record.</p>
        ) : (
          <RowsTable label="Values as our record stands" columns={columnsOf(field, frame)} rows={current} />
        )}
      </section>
      {replaced.length === 0 ? null : (
        <details class="event-keys">
          <summary>{countOf(replaced.length, 'value')} replaced by later entries of the log</summary>
          <RowsTable label="Values replaced since" columns={columnsOf(field, frame)} rows={replaced} />
        </details>
      )}
      <NextPage frame={frame} next={list.next} things="values" />
    </>
  );
}

function columnsOf(field: string | undefined, frame: Frame): readonly Column<HistoryBox>[] {
  const { dates } = frame;
  return [
    {
      title: field === undefined ? 'Field and value' : 'Value',
      cell: (box) => (
        <>
          {field === undefined ? <span class="aside">{fieldInWords(box.field)}</span> : null}
          <ValueOf field={box.field} value={box.value} />
        </>
      ),
    },
    { title: 'So it was', cell: ({ valid }) => stretchInWords(valid, dates) },
    { title: 'So it was known', cell: ({ known }) => stretchInWords(known, dates) },
    {
      title: 'Recorded',
      cell: ({ recorded: { from, to } }) => (to === null ? `since @${from}` : `from @${from} until @${to}`),
    },
    { title: 'Because of', cell: ({ event }) => <EventLink event={event} frame={frame} /> },
  ];
}

function ValueOf({ field, value }: Pick<HistoryBox, 'field' | 'value'>): VNode {
  if (field === 'status' && typeof value === 'string') return <StatusChip status={value} />;
  return <>{valueInWords(value)}</>;
}

/** A stretch of time in words: "from 16 April 2025 until 7 July 2025". The end is the first instant after it. */
export function stretchInWords({ from, to }: Stretch, dates: DateWords): string {
  if (from === null) return to === null ? 'always' : `until ${dates.moment(to)}`;
  return to === null ? `since ${dates.moment(from)}` : `from ${dates.moment(from)} until ${dates.moment(to)}`;
}

/** The comparison of two points of the plane, as the record stands. */
function compareAt(slug: string, from: PlanePoint, to: PlanePoint): string {
  const times = Object.entries({ from, to }).flatMap(([side, { knownAt, validAt }]) => [
    [`${side}.knownAt`, new Date(knownAt).toISOString()] as const,
    [`${side}.validAt`, new Date(validAt).toISOString()] as const,
  ]);
  return `/policies/${slug}/diff${writeQuery(new Map(times))}`;
}

/** What was successively known about the day that the address is about. */
function Beliefs({ list, whole, frame }: Pick<HistoryProps, 'list' | 'whole' | 'frame'>): VNode {
  const { validAt } = list.coordinate;
  const beliefs = beliefsWithDoubts(validAt, whole);
  const day = frame.address.parameters.has('validAt') ? frame.dates.moment(validAt) : 'today';
  return (
    <section>
      <h2>What we thought about {day}</h2>
      {beliefs.length === 0 ? (
        <p class="empty">Nothing was ever known about {day}.</p>
      ) : (
        <ol class="belief">
          {beliefs.map((belief) => (
            <li>
              <BeliefItem belief={belief} frame={frame} />
            </li>
          ))}
        </ol>
      )}
      <BeliefForm frame={frame} />
    </section>
  );
}

interface BeliefProps {
  readonly belief: BeliefLine;
  readonly frame: Frame;
}

function BeliefItem({ belief: { field, value, event, known, isDoubt, because }, frame }: BeliefProps): VNode {
  return (
    <>
      {known.from === null ? 'Always known' : `Known from ${frame.dates.day(known.from)}`}: {isDoubt ? 'perhaps ' : ''}
      <ValueOf field={field} value={value} />, because of <EventLink event={event} frame={frame} />
      {because === undefined ? null : `, ${reasonInWords(because)}`}
    </>
  );
}

function BeliefForm({ frame }: { readonly frame: Frame }): VNode {
  const { parameters } = frame.address;
  const others = [...parameters].filter(([name]) => name !== 'validAt' && name !== 'cursor');
  return (
    <form class="filter-form" method="get" action={frame.linkWith({}).replace(/\?.*/, '')}>
      {others.map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <span class="filter-field">
        <label for="belief-day">About another day</label>
        <input
          id="belief-day"
          name="validAt"
          value={parameters.get('validAt') ?? ''}
          placeholder="8 July 2025"
          autocomplete="off"
          size={14}
        />
      </span>
      <button type="submit">Show</button>
    </form>
  );
}

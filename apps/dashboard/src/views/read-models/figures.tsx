import type { ComponentChildren, VNode } from 'preact';
import type { List } from '../../http/answers.js';
import type { FigureRow } from '../../http/model-answers.js';
import type { Frame } from '../../pages/page.js';
import { comparisonInWords, periodInWords } from '../../words/periods.js';
import { countOf, inWords, valueInWords } from '../../words/words.js';
import { FilterForm, distinct, policyField } from '../parts/filter-form.js';
import { NextPage } from '../parts/next-page.js';
import { NoRows } from '../parts/no-rows.js';
import { EventLink, PolicyLink } from '../parts/references.js';
import { type Column, RowsTable } from '../parts/rows-table.js';
import { Graphic } from '../plots/graphic.js';

interface FiguresProps {
  readonly list: List<FigureRow>;
  readonly frame: Frame;
}

/** Figures as they were claimed: a section for each measure and unit, a row for each claim. */
export function Figures({ list, frame }: FiguresProps): VNode {
  const { items } = list;
  return (
    <>
      <p class="lead">Every figure as somebody gave it. Nothing is averaged, and nothing is joined across claims.</p>
      <FilterForm
        frame={frame}
        fields={[
          policyField(items),
          { name: 'measure', label: 'Measure', suggestions: distinct(items.map(({ measure }) => measure)) },
        ]}
      />
      {items.length === 0 ? <NoRows list={list} thing="figure" frame={frame} /> : null}
      {items.length === 0 ? null : <Graphic place="legend" draw={({ Legend }) => <Legend of="figures" />} />}
      {groupByMeasure(items).map((rows) => (
        <MeasureFigures rows={rows} knownAt={list.coordinate.knownAt} frame={frame} />
      ))}
      <NextPage frame={frame} next={list.next} things="figures" />
    </>
  );
}

interface MeasureFiguresProps {
  /** Figures of one measure and unit. */
  readonly rows: readonly FigureRow[];
  readonly knownAt: string;
  readonly frame: Frame;
}

function MeasureFigures({ rows, knownAt, frame }: MeasureFiguresProps): VNode | null {
  const [first] = rows;
  if (first === undefined) return null;
  const name = `${inWords(first.measure)}, in ${inWords(first.unit)}`;
  const conflicting = rows.filter(({ conflicts }) => conflicts.count > 0).length;
  return (
    <section class="measure">
      <h2>{name}</h2>
      <p class="quiet">
        {countOf(rows.length, 'claim')}
        {conflicting === 0 ? '' : `, ${conflicting} of which cannot be true with another`}
      </p>
      <Graphic
        place="figures"
        draw={({ FigurePlot }) => <FigurePlot rows={rows} zone={frame.about.timeZone} knownAt={knownAt} />}
      />
      <RowsTable
        label={name}
        rows={rows}
        columns={columnsOf(rows, frame).filter(({ title, cell }) => ALWAYS.has(title) || rows.some((row) => cell(row)))}
      />
    </section>
  );
}

/** Columns that stand even where they are empty; the others only where they say something. */
const ALWAYS: ReadonlySet<string> = new Set(['Figure', 'Period', 'Claimed by']);

function columnsOf(rows: readonly FigureRow[], frame: Frame): readonly Column<FigureRow>[] {
  return [
    {
      title: 'Figure',
      cell: (row) => (
        <EventLink event={row.event} frame={frame}>
          {amountInWords(row)}
        </EventLink>
      ),
    },
    { title: 'Period', cell: (row) => periodOf(row) },
    { title: 'Claimed by', cell: (row) => `${row.claimedBy.join(', ')}, ${inWords(row.epistemic)}` },
    { title: 'Purpose', cell: ({ purpose }) => purpose },
    { title: 'Public since', cell: ({ knownFrom }) => frame.dates.day(knownFrom) },
    { title: 'Policy', cell: (row) => <PolicyLink row={row} frame={frame} /> },
    { title: 'Standing', cell: (row) => standingOf(row, { rows, frame }) },
  ];
}

/** Writes what was claimed, with its comparator: "at least 9 GBP"; a figure without a number says so. */
export function amountInWords({ value, comparator, unit }: Pick<FigureRow, 'value' | 'comparator' | 'unit'>): string {
  if (value === null) return `no number given, in ${inWords(unit)}`;
  return valueInWords({ value, comparator, unit });
}

function periodOf({ period, comparedTo }: FigureRow): string {
  const words = period === null ? 'not stated' : periodInWords(period);
  return comparedTo === null ? words : `${words}, compared with ${comparisonInWords(comparedTo)}`;
}

interface Among {
  readonly rows: readonly FigureRow[];
  readonly frame: Frame;
}

/** What else is known about a claim: that it was superseded, or which others cannot be true with it. */
function standingOf(row: FigureRow, among: Among): ComponentChildren {
  const { supersededBy, conflicts } = row;
  if (supersededBy !== null)
    return (
      <>
        Superseded by{' '}
        <EventLink event={supersededBy} frame={among.frame}>
          {describeClaim(supersededBy, row, among)}
        </EventLink>
      </>
    );
  if (conflicts.count === 0) return null;
  const unnamed = conflicts.count - conflicts.events.length;
  return (
    <>
      <span aria-hidden="true">≠ </span>Cannot be true with
      <ul class="both">
        {conflicts.events.map((event) => (
          <li>
            <EventLink event={event} frame={among.frame}>
              {describeClaim(event, row, among)}
            </EventLink>
          </li>
        ))}
        {unnamed > 0 ? <li>and {countOf(unnamed, 'other')}</li> : null}
      </ul>
    </>
  );
}

/** The figure of an event for the same period if it is on this page: what it says, and who claims it; else its key. */
function describeClaim(event: string, { period }: FigureRow, { rows }: Among): string {
  const others = rows.filter((row) => row.event === event);
  const other = others.find((row) => row.period === period) ?? others[0];
  return other === undefined ? event : `${amountInWords(other)}, ${other.claimedBy.join(', ')}`;
}

/** Groups figures by measure and unit, in the order of the names of the measures. */
function groupByMeasure(rows: readonly FigureRow[]): readonly (readonly FigureRow[])[] {
  const keys = distinct(rows.map(keyOf));
  return keys.map((key) => rows.filter((row) => keyOf(row) === key));
}

const keyOf = ({ measure, unit }: FigureRow): string => `${measure} ${unit}`;

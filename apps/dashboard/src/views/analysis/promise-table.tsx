import type { VNode } from 'preact';
import type { PromiseRow } from '../../http/analysis/analysis-answers.js';
import type { Frame } from '../../pages/page.js';
import { promiseStateInWords, slipInWords } from '../../words/analysis/slip.js';
import { edtfInWords } from '../../words/dates.js';
import { EventLink, PolicyLink, textOrErased } from '../parts/references.js';
import { RowsTable } from '../parts/rows-table.js';

interface PromiseTableProps {
  readonly label: string;
  readonly rows: readonly PromiseRow[];
  readonly frame: Frame;
  /** True on the page of one policy, which needs no column for it. */
  readonly isOfOnePolicy?: boolean;
}

/** Promises: who made them, for when, what became of them and because of what, and by how many days they slipped. */
export function PromiseTable({ label, rows, frame, isOfOnePolicy = false }: PromiseTableProps): VNode {
  const policy = { title: 'Policy', cell: (row: PromiseRow) => <PolicyLink row={row} frame={frame} /> };
  return (
    <RowsTable
      label={label}
      rows={rows}
      columns={[
        { title: 'Promise', cell: (row) => <PromiseCell row={row} frame={frame} /> },
        ...(isOfOnePolicy ? [] : [policy]),
        { title: 'Recorded as made by', cell: ({ by }) => by.join(', ') },
        { title: 'Due', cell: (row) => <Due row={row} frame={frame} /> },
        { title: 'What became of it', cell: (row) => <Outcome row={row} frame={frame} /> },
        { title: 'Against the first date', cell: (row) => slipOf(row) },
      ]}
    />
  );
}

const slipOf = ({ state, slipDays }: PromiseRow): string | null =>
  slipDays === null ? null : `${slipInWords(slipDays)}${state === 'overdue' ? ', so far' : ''}`;

interface CellProps {
  readonly row: PromiseRow;
  readonly frame: Frame;
}

function PromiseCell({ row, frame }: CellProps): VNode {
  return (
    <>
      <EventLink event={row.event} frame={frame}>
        {textOrErased(row.summary)}
      </EventLink>
      <span class="aside">
        {row.kind}, {edtfInWords(row.madeOn)}
      </span>
    </>
  );
}

const dateInWords = (date: PromiseRow['due']): string => (date === null ? 'no date' : edtfInWords(date.edtf));

function Due({ row: { due, firstDue, replaces, revisions }, frame }: CellProps): VNode {
  return (
    <>
      {due === null ? <span class="quiet">no date was given</span> : dateInWords(due)}
      {replaces === null ? null : (
        <span class="aside">
          first promised:{' '}
          <EventLink event={replaces} frame={frame}>
            {dateInWords(firstDue)}
          </EventLink>
        </span>
      )}
      {revisions.map(({ event, due: moved }) => (
        <span class="aside">
          moved to{' '}
          <EventLink event={event} frame={frame}>
            {dateInWords(moved)}
          </EventLink>
        </span>
      ))}
    </>
  );
}

function Outcome({ row: { state, because, doneOn }, frame }: CellProps): VNode {
  return (
    <>
      <strong>{promiseStateInWords(state)}</strong>
      {doneOn === null ? null : <>, {edtfInWords(doneOn)}</>}
      {because.map((key) => (
        <span class="aside">
          because of <EventLink event={key} frame={frame} />
        </span>
      ))}
    </>
  );
}

import type { VNode } from 'preact';
import { dataAt } from '../../http/address.js';
import { withoutIn } from '../../http/analysis/left-out.js';
import type { PromiseCounts, PromiseRow, PromiseSummary } from '../../http/analysis/analysis-answers.js';
import { PROMISE_STATES } from '../../http/analysis/promised.js';
import type { List } from '../../http/answers.js';
import type { Frame } from '../../pages/page.js';
import { slipInWords } from '../../words/analysis/slip.js';
import { inWords } from '../../words/words.js';
import { FilterForm, distinct, policyField } from '../parts/filter-form.js';
import { NextPage } from '../parts/next-page.js';
import { NoRows } from '../parts/no-rows.js';
import { RowsTable } from '../parts/rows-table.js';
import { PromiseTable } from './promise-table.js';

/** The promises at a coordinate, and how many there are in which state; no counts where there are too many. */
export interface PromisesData {
  readonly list: List<PromiseRow>;
  readonly summary: Pick<PromiseSummary, 'all' | 'owners'> | undefined;
}

interface PromisesProps extends PromisesData {
  readonly frame: Frame;
}

/** The parameters by which promises can be narrowed down. */
export const PROMISE_FILTERS = ['policy', 'by', 'state', 'kind', 'dueFrom', 'dueTo'] as const;

/** What was promised for when, and what became of it. */
export function Promises({ list, summary, frame }: PromisesProps): VNode {
  const { items } = list;
  return (
    <>
      <p class="lead">
        What was promised for when, and what became of it by what was known. A forecast is no promise, and is counted
        apart. There is no score.
      </p>
      <FilterForm
        frame={frame}
        fields={[
          policyField(items),
          { name: 'by', label: 'Made by', suggestions: distinct(items.flatMap(({ by }) => by)) },
          { name: 'state', label: 'State', words: PROMISE_STATES },
          { name: 'kind', label: 'Kind', words: ['plan', 'target', 'forecast'] },
          { name: 'dueFrom', label: 'Due from' },
          { name: 'dueTo', label: 'Due by' },
        ]}
      />
      {items.length === 0 ? (
        <NoRows list={list} thing="promise" frame={frame} />
      ) : (
        <>
          <PromiseTable label="Promises" rows={items} frame={frame} />
          <NextPage frame={frame} next={list.next} things="promises" />
          {summary === undefined ? null : <Counts {...summary} />}
          <CalendarLink frame={frame} />
        </>
      )}
    </>
  );
}

function Counts({ all, owners }: NonNullable<PromisesData['summary']>): VNode {
  return (
    <details>
      <summary>Counted by who made them</summary>
      <RowsTable
        label="Promises by who made them"
        rows={[...owners, { ...all, by: 'All, each once' }]}
        columns={[
          { title: 'Made by', cell: ({ by }) => by },
          { title: 'Promises', cell: ({ promises, states }) => countsInWords(promises, states) },
          {
            title: 'Median of those met, against the first date',
            cell: ({ medianSlipDays: { min, max } }) =>
              min === null && max === null ? null : slipInWords({ min, max }),
          },
          { title: 'Forecasts', cell: ({ forecasts, forecastStates }) => countsInWords(forecasts, forecastStates) },
        ]}
      />
    </details>
  );
}

function countsInWords(all: number, states: PromiseCounts['states']): string {
  const counted = PROMISE_STATES.filter((state) => states[state] > 0);
  return all === 0 ? 'none' : counted.map((state) => `${states[state]} ${inWords(state)}`).join(', ');
}

/** Leads to the calendar of what is due, of the promises that the page shows; a calendar of what if would be misread. */
function CalendarLink({ frame: { address } }: { readonly frame: Frame }): VNode | null {
  if (withoutIn(address) !== undefined) return null;
  const asked = Object.fromEntries(PROMISE_FILTERS.map((name) => [name, address.parameters.get(name)]));
  return (
    <p>
      <a href={dataAt(address, '/promises.ics', asked)}>Calendar of what is due</a>{' '}
      <span class="quiet">(for calendar programs; one that subscribes to it follows what is recorded)</span>
    </p>
  );
}

import type { VNode } from 'preact';
import { type BoardRow, sortByLastChange } from '../http/board-rows.js';
import { SinceLastVisit } from '../islands/since-last-visit.js';
import type { Frame } from '../pages/page.js';
import { countInWords } from '../words/analysis/slip.js';
import { edtfInWords } from '../words/dates.js';
import { countOf, fieldInWords, inWords, valueInWords } from '../words/words.js';
import { NothingKnown } from './parts/nothing-known.js';
import { NextPage } from './parts/next-page.js';
import type { BoardTime } from './plots/board-lane.js';
import { Graphic } from './plots/graphic.js';
import { StatusChip } from './status-chip.js';

interface BoardProps {
  readonly rows: readonly BoardRow[];
  readonly next: string | null;
  /** The instant that the answer is about. */
  readonly validAt: string;
  /** The policies have more statuses than are drawn. */
  readonly isCut?: true;
  /** The policies have more promises than are counted: then none are. */
  readonly hasUncounted?: true;
  /** Set where nothing is known of any policy: when that is, and when something was known first. */
  readonly nothingAt?: { readonly knownAt: string; readonly firstKnown: string | undefined } | undefined;
  readonly frame: Frame;
}

const GROUPINGS = ['none', 'kind', 'jurisdiction'] as const;

type Grouping = (typeof GROUPINGS)[number];

/** The table of all policies: what holds, since when, what changed last. */
export function Board({ rows, next, validAt, isCut, hasUncounted, nothingAt, frame }: BoardProps): VNode {
  if (rows.length === 0) return <p class="empty">No policy was on record at this point.</p>;
  const chosen = frame.address.parameters.get('group');
  const grouping = GROUPINGS.find((each) => each === chosen) ?? 'none';
  const time = timeOf(rows, validAt, frame);
  const titles = Object.fromEntries(rows.map(({ policy, title }) => [policy, title]));
  return (
    <>
      {nothingAt === undefined ? null : <NothingKnown {...nothingAt} frame={frame} />}
      <SinceLastVisit titles={titles} frame={frame} />
      <Choices grouping={grouping} frame={frame} />
      <div class="scroller" tabIndex={0} role="region" aria-label="Policies">
        <table class="board">
          <thead>
            <tr>
              <th scope="col">Policy</th>
              <th scope="col">Status</th>
              <th scope="col">Since</th>
              <th scope="col" class="over-time">
                Over time
                <Graphic place="board" draw={({ BoardScale }) => <BoardScale time={time} />} />
              </th>
              <th scope="col">Changed last</th>
              <th scope="col">Promises</th>
              <th scope="col">Kind</th>
              <th scope="col" class="number">
                Events
              </th>
              <th scope="col">Not settled</th>
            </tr>
          </thead>
          {groupsOf(sortByLastChange(rows), grouping).map(({ name, rows: some }) => (
            <tbody>
              {name === '' ? null : (
                <tr class="group">
                  <th scope="rowgroup" colSpan={9}>
                    {name}
                  </th>
                </tr>
              )}
              {some.map((row) => (
                <PolicyRow key={row.policy} row={row} time={time} frame={frame} />
              ))}
            </tbody>
          ))}
        </table>
      </div>
      {isCut ? (
        <p class="quiet">
          These policies have more statuses than are drawn here. The page of each policy has all of its own.
        </p>
      ) : null}
      {hasUncounted ? <p class="quiet">These policies have more promises than are counted here.</p> : null}
      <Graphic place="legend" draw={({ Legend }) => <Legend of="bars" />} />
      <NextPage frame={frame} next={next} things="policies" />
    </>
  );
}

const MARGIN = 0.04;

/** The stretch that shows where all statuses begin and end, with some room for those that have no end. */
function timeOf(rows: readonly BoardRow[], about: string, frame: Frame): BoardTime {
  const bounds = rows.flatMap(({ statuses }) => statuses.flatMap(({ from, to }) => [from, to]));
  const instants = [...bounds.flatMap((bound) => (bound === null ? [] : [Date.parse(bound)])), Date.parse(about)];
  const [from, to] = instants.reduce(
    ([least, most], at) => [Math.min(least, at), Math.max(most, at)],
    [Infinity, -Infinity],
  );
  const room = Math.max((to - from) * MARGIN, 86_400_000);
  return {
    from: new Date(from - room).toISOString(),
    to: new Date(to + room).toISOString(),
    about,
    zone: frame.about.timeZone,
  };
}

function Choices({ grouping, frame }: { readonly grouping: Grouping; readonly frame: Frame }): VNode {
  return (
    <p class="quiet">
      What changed last comes first. Grouped by{' '}
      {GROUPINGS.map((each, index) => (
        <>
          {index === 0 ? '' : ' · '}
          {each === grouping ? (
            <strong>{each}</strong>
          ) : (
            <a href={frame.linkWith({ group: each === 'none' ? undefined : each })}>{each}</a>
          )}
        </>
      ))}
    </p>
  );
}

interface RowGroup {
  readonly name: string;
  readonly rows: readonly BoardRow[];
}

function groupsOf(rows: readonly BoardRow[], grouping: Grouping): readonly RowGroup[] {
  if (grouping === 'none') return [{ name: '', rows }];
  return [...new Set(rows.map((row) => row[grouping]))]
    .sort()
    .map((name) => ({ name: inWords(name), rows: rows.filter((row) => row[grouping] === name) }));
}

interface PolicyRowProps {
  readonly row: BoardRow;
  readonly time: BoardTime;
  readonly frame: Frame;
}

function PolicyRow({ row, time, frame }: PolicyRowProps): VNode {
  const { since, last } = row;
  return (
    <tr>
      <th scope="row">
        <a href={frame.link(`/policies/${row.policy}`)}>{row.title}</a>
      </th>
      <td data-title="Status">
        <StatusChip status={row.status ?? undefined} />
      </td>
      <td data-title="Since">
        {since === null ? '' : <a href={frame.link(`/events/${since.event}`)}>{edtfInWords(since.occurred)}</a>}
      </td>
      <td class="over-time" data-title="Over time">
        {row.statuses.length === 0 ? null : (
          <Graphic place="board" draw={({ BoardLane }) => <BoardLane statuses={row.statuses} time={time} />} />
        )}
      </td>
      <td data-title="Changed last">
        {last === null ? (
          ''
        ) : (
          <>
            <a href={frame.link(`/events/${last.event}`)}>{edtfInWords(last.publishedAt)}</a>
            <span class="aside">
              {nameInWords(last.field)}: {valueInWords(last.value)}
            </span>
          </>
        )}
      </td>
      <td data-title="Promises">
        <Promised row={row} frame={frame} />
      </td>
      <td data-title="Kind">
        {inWords(row.kind)}, {row.jurisdiction}
      </td>
      <td class="number" data-title="Events">
        {row.eventCount}
      </td>
      <td data-title="Not settled">{row.uncertainCount === 0 ? '' : countOf(row.uncertainCount, 'statement')}</td>
    </tr>
  );
}

/** How many promises are in which state, and the way to them. */
function Promised({ row: { policy, promised }, frame }: Pick<PolicyRowProps, 'row' | 'frame'>): VNode | null {
  if (promised.length === 0) return null;
  return <a href={frame.link('/promises', { policy })}>{promised.map(countInWords).join('; ')}</a>;
}

/** A field in few words: of a figure its measure, since the key of its event follows from the link. */
const nameInWords = (field: string): string => {
  const [, measure] = /^figures\.([^.]+)\./.exec(field) ?? [];
  return measure === undefined ? fieldInWords(field) : inWords(measure);
};

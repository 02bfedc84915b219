import type { VNode } from 'preact';
import type { List } from '../../http/answers.js';
import type { SourceRow } from '../../http/model-answers.js';
import type { Frame } from '../../pages/page.js';
import { edtfInWords } from '../../words/dates.js';
import { countOf, inWords } from '../../words/words.js';
import { FilterForm, distinct, policyField } from '../parts/filter-form.js';
import { NextPage } from '../parts/next-page.js';
import { NoRows } from '../parts/no-rows.js';
import { EventLink, PolicyLink, SourceTitle } from '../parts/references.js';
import { RowsTable } from '../parts/rows-table.js';
import type { Citation } from './citations.js';

/** A source with how each event cites it. */
export interface CitedSource {
  readonly row: SourceRow;
  readonly citations: readonly Citation[];
}

/** The sources at a coordinate. */
export interface SourcesData {
  readonly list: List<unknown>;
  readonly sources: readonly CitedSource[];
}

interface SourcesProps extends SourcesData {
  readonly frame: Frame;
}

const GENRES = [
  'official',
  'news',
  'opinion',
  'analysis',
  'statistics',
  'court',
  'parliamentary',
  'research',
  'leak',
  'social',
] as const;

/** The sources of each policy, and what rests on them. */
export function Sources({ list, sources, frame }: SourcesProps): VNode {
  const rows = sources.map(({ row }) => row);
  return (
    <>
      <p class="lead">What the record rests on. An event that rests on one source alone falls with it.</p>
      <FilterForm
        frame={frame}
        fields={[
          policyField(rows),
          { name: 'publisher', label: 'Publisher', suggestions: distinct(rows.map(({ publisher }) => publisher)) },
          { name: 'genre', label: 'Genre', words: GENRES },
        ]}
      />
      {sources.length === 0 ? (
        <NoRows list={list} thing="source" frame={frame} />
      ) : (
        <RowsTable
          label="Sources"
          isWordy
          rows={sources}
          columns={[
            { title: 'Source', cell: ({ row }) => <SourceCell row={row} frame={frame} /> },
            { title: 'Policy', cell: ({ row }) => <PolicyLink row={row} frame={frame} /> },
            { title: 'Cited by', cell: (source) => <Citations source={source} frame={frame} /> },
            { title: 'Hash of the copy', cell: ({ row: { sha256 } }) => <Hash sha256={sha256} /> },
          ]}
        />
      )}
      <NextPage frame={frame} next={list.next} things="sources" />
    </>
  );
}

function SourceCell({ row, frame }: { readonly row: SourceRow; readonly frame: Frame }): VNode {
  return (
    <>
      {row.publisher}: <SourceTitle source={row} />
      <span class="aside">
        {inWords(row.genre)}, {edtfInWords(row.publishedAt.slice(0, 10))}
        {row.url === null ? ', no address' : ''}
      </span>
      {row.retractedBy.map((key) => (
        <span class="aside">
          Withdrawn by its publisher: <EventLink event={key} frame={frame} />
        </span>
      ))}
    </>
  );
}

function Citations({
  source: { row, citations },
  frame,
}: {
  readonly source: CitedSource;
  readonly frame: Frame;
}): VNode {
  const alone = citations.filter(({ isAlone }) => isAlone).length;
  return (
    <details>
      <summary>
        {countOf(row.eventCount, 'event')}
        {alone === 0 ? '' : `, ${alone} on it alone`}
      </summary>
      <ul class="both">
        {row.events.map((key) => {
          const citation = citations.find(({ event }) => event === key);
          return (
            <li>
              <EventLink event={key} frame={frame} />
              {citation?.locator === undefined ? '' : `, ${citation.locator}`}
              {citation?.isAlone === true ? ' (rests on it alone)' : ''}
            </li>
          );
        })}
      </ul>
      <p>
        <a href={frame.link('/impact', { source: row.id })}>
          What rests on it, and what would read otherwise without it
        </a>
      </p>
    </details>
  );
}

const DIGITS_SHOWN = 12;

function Hash({ sha256 }: { readonly sha256: string | null }): VNode | null {
  if (sha256 === null) return null;
  return (
    <details>
      <summary>
        <code>{sha256.slice(0, DIGITS_SHOWN)}…</code>
      </summary>
      <code>{sha256}</code> (SHA-256)
    </details>
  );
}

import type { VNode } from 'preact';
import type { TurnEnd, TurnRow } from '../../http/analysis/analysis-answers.js';
import type { List } from '../../http/answers.js';
import type { Frame } from '../../pages/page.js';
import { spanInWords } from '../../words/analysis/slip.js';
import { edtfInWords } from '../../words/dates.js';
import { inWords } from '../../words/words.js';
import { FilterForm, distinct, policyField } from '../parts/filter-form.js';
import { NextPage } from '../parts/next-page.js';
import { NoRows } from '../parts/no-rows.js';
import { EventLink, PolicyLink } from '../parts/references.js';
import { RowsTable } from '../parts/rows-table.js';

interface TurnsProps {
  readonly list: List<TurnRow>;
  readonly frame: Frame;
}

const KINDS = ['reversal', 'hardening', 'softening', 'to-silence'] as const;

/** Who changed position about a policy, and which policies were reversed. */
export function Turns({ list, frame }: TurnsProps): VNode {
  const { items } = list;
  return (
    <>
      <p class="lead">Who changed position about a policy, and which policies were reversed.</p>
      <FilterForm
        frame={frame}
        fields={[
          policyField(items),
          {
            name: 'actor',
            label: 'Actor',
            suggestions: distinct(items.flatMap(({ actor }) => (actor === null ? [] : [actor]))),
          },
          { name: 'kind', label: 'Kind', words: KINDS },
        ]}
      />
      <Rule />
      {items.length === 0 ? (
        <NoRows list={list} thing="turn" frame={frame} />
      ) : (
        <RowsTable
          label="Turns"
          rows={items}
          columns={[
            { title: 'Who', cell: (row) => <Who row={row} /> },
            { title: 'Policy', cell: (row) => <PolicyLink row={row} frame={frame} /> },
            { title: 'From', cell: ({ from }) => <End end={from} frame={frame} /> },
            { title: 'To', cell: ({ to }) => <End end={to} frame={frame} /> },
            { title: 'Change', cell: (row) => <Change row={row} frame={frame} /> },
            { title: 'Between them', cell: ({ days }) => spanInWords(days) },
          ]}
        />
      )}
      <NextPage frame={frame} next={list.next} things="turns" />
    </>
  );
}

function Rule(): VNode {
  return (
    <details class="rule">
      <summary>What is listed here, and what is not</summary>
      <p>
        Two stances of one actor about one policy, one after the other. A reversal is a step from support to opposing or
        refusing, or back; or an event that undoes another. Every other step hardens or softens, and no answer is no
        change of position. What somebody says on behalf of another is compared with that alone. Groups and speakers who
        are not named are left out: nobody knows that they are the same.
      </p>
    </details>
  );
}

function Who({ row: { actor, onBehalfOf } }: { readonly row: TurnRow }): VNode {
  return (
    <>
      {actor ?? 'The policy, by others than those who had made it so'}
      {onBehalfOf === null ? null : <span class="aside">on behalf of {onBehalfOf}</span>}
    </>
  );
}

function End({ end: { stance, event, occurred, role }, frame }: { readonly end: TurnEnd; readonly frame: Frame }) {
  return (
    <>
      {stance ?? 'no stance'}
      <span class="aside">
        <EventLink event={event} frame={frame}>
          {occurred === null ? undefined : edtfInWords(occurred)}
        </EventLink>
        {role === null ? '' : `, as ${role}`}
      </span>
    </>
  );
}

function Change({ row, frame }: { readonly row: TurnRow; readonly frame: Frame }): VNode {
  const { kind, order, acknowledged, undoes } = row;
  return (
    <>
      <strong>{inWords(kind)}</strong>
      {order === 'certain' ? null : <span class="aside">it is not settled which came first</span>}
      {undoes === null ? null : (
        <span class="aside">
          undoes <EventLink event={undoes} frame={frame} />
        </span>
      )}
      {acknowledged && undoes === null ? <span class="aside">the later names the earlier</span> : null}
    </>
  );
}

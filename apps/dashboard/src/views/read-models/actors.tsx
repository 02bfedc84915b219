import type { VNode } from 'preact';
import type { List } from '../../http/answers.js';
import type { ActorRow } from '../../http/model-answers.js';
import type { Frame } from '../../pages/page.js';
import { inWords } from '../../words/words.js';
import { FilterForm, distinct, policyField } from '../parts/filter-form.js';
import { NextPage } from '../parts/next-page.js';
import { NoRows } from '../parts/no-rows.js';
import { EventLink, PolicyLink } from '../parts/references.js';
import { RowsTable } from '../parts/rows-table.js';

interface ActorsProps {
  readonly list: List<ActorRow>;
  readonly frame: Frame;
}

/** Who acts in each policy, and in which roles. */
export function Actors({ list, frame }: ActorsProps): VNode {
  const { items } = list;
  return (
    <>
      <p class="lead">Who acts in each policy, in which roles, and in how many events.</p>
      <FilterForm
        frame={frame}
        fields={[
          policyField(items),
          { name: 'actor', label: 'Actor', suggestions: distinct(items.map(({ actor }) => actor)) },
        ]}
      />
      {items.length === 0 ? (
        <NoRows list={list} thing="actor" frame={frame} />
      ) : (
        <RowsTable
          label="Actors"
          rows={items}
          columns={[
            {
              title: 'Actor',
              cell: ({ actor, policy }) => <a href={frame.link('/events', { policy, actor })}>{actor}</a>,
            },
            { title: 'Kind', cell: ({ kind }) => inWords(kind) },
            { title: 'Policy', cell: (row) => <PolicyLink row={row} frame={frame} /> },
            {
              title: 'Roles, each with the first event that names it',
              cell: (row) => <Roles row={row} frame={frame} />,
            },
            { title: 'First public', cell: ({ knownFrom }) => frame.dates.day(knownFrom) },
            { title: 'Events', isNumber: true, cell: ({ events }) => events },
            {
              title: 'Without them',
              cell: ({ actor }) => <a href={frame.link('/impact', { actor })}>what rests on them</a>,
            },
          ]}
        />
      )}
      <NextPage frame={frame} next={list.next} things="actors" />
    </>
  );
}

function Roles({ row: { roles }, frame }: { readonly row: ActorRow; readonly frame: Frame }): VNode | null {
  if (roles.length === 0) return null;
  return (
    <ul class="both">
      {roles.map(({ role, event }) => (
        <li>
          <EventLink event={event} frame={frame}>
            {role}
          </EventLink>
        </li>
      ))}
    </ul>
  );
}

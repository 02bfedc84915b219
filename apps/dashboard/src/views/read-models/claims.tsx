import type { VNode } from 'preact';
import type { List, PolicyEvent } from '../../http/answers.js';
import type { ClaimRow } from '../../http/model-answers.js';
import type { EventsByKey } from '../../http/model-questions.js';
import type { Frame } from '../../pages/page.js';
import { edtfInWords } from '../../words/dates.js';
import { inWords } from '../../words/words.js';
import { FilterForm, distinct, policyField } from '../parts/filter-form.js';
import { NextPage } from '../parts/next-page.js';
import { NoRows } from '../parts/no-rows.js';
import { EventLink, FirstSource, PolicyLink, textOrErased } from '../parts/references.js';
import { RowsTable } from '../parts/rows-table.js';

/** The claims at a coordinate, with the events that bear on them. */
export interface ClaimsData {
  readonly list: List<ClaimRow>;
  readonly events: EventsByKey;
}

interface ClaimsProps extends ClaimsData {
  readonly frame: Frame;
}

/** How a claim may stand, the gravest first. */
const STANDINGS = ['falsified', 'withdrawn', 'denied', 'disputed', 'contested', 'corroborated', 'claimed'] as const;

/** Claims: who says what, how it stands, and because of what. */
export function Claims({ list, events, frame }: ClaimsProps): VNode {
  const { items } = list;
  return (
    <>
      <p class="lead">What was claimed, how it stands, and what made it stand so.</p>
      <FilterForm
        frame={frame}
        fields={[
          policyField(items),
          { name: 'by', label: 'Claimed by', suggestions: distinct(items.flatMap(({ by }) => by)) },
          { name: 'standing', label: 'Standing', words: STANDINGS },
        ]}
      />
      {items.length === 0 ? (
        <NoRows list={list} thing="claim" frame={frame} />
      ) : (
        <RowsTable
          label="Claims"
          isWordy
          rows={items}
          idOf={({ event }) => `claim-${event}`}
          columns={[
            { title: 'Claim', cell: (row) => <ClaimCell row={row} frame={frame} /> },
            { title: 'Policy', cell: (row) => <PolicyLink row={row} frame={frame} /> },
            { title: 'Standing', cell: ({ standing }) => <strong>{standing}</strong> },
            { title: 'Because', cell: (row) => <Because row={row} list={list} events={events} frame={frame} /> },
          ]}
        />
      )}
      <NextPage frame={frame} next={list.next} things="claims" />
    </>
  );
}

function ClaimCell({ row, frame }: { readonly row: ClaimRow; readonly frame: Frame }): VNode {
  return (
    <>
      <EventLink event={row.event} frame={frame}>
        {textOrErased(row.summary)}
      </EventLink>
      <span class="aside">
        {row.by.join(', ')}, public since {frame.dates.day(row.knownFrom)}
      </span>
    </>
  );
}

interface BecauseProps extends ClaimsProps {
  readonly row: ClaimRow;
}

function Because({ row, list, events, frame }: BecauseProps): VNode | null {
  if (row.because.length === 0) return null;
  return (
    <ul class="both">
      {row.because.map((key) => {
        const event = events[key];
        const own = list.items.find((claim) => claim.event === key);
        return (
          <li>
            {event === undefined ? (
              <EventLink event={key} frame={frame} />
            ) : (
              <BecauseEvent event={event} claim={row} frame={frame} />
            )}
            {own === undefined || own.standing === 'claimed' ? null : (
              <>
                {' '}
                That is a claim itself, and <a href={`#claim-${key}`}>stands {own.standing}</a>.
              </>
            )}
          </li>
        );
      })}
    </ul>
  );
}

interface BecauseEventProps {
  readonly event: PolicyEvent;
  readonly claim: ClaimRow;
  readonly frame: Frame;
}

function BecauseEvent({ event, claim, frame }: BecauseEventProps): VNode {
  const rel = event.links?.find(({ to }) => to === claim.event)?.rel;
  return (
    <>
      {edtfInWords(event.occurred)}
      {rel === undefined ? '' : `, ${inWords(rel)} it`}:{' '}
      <EventLink event={event.key} frame={frame}>
        {textOrErased(event.summary)}
      </EventLink>{' '}
      <span class="aside">
        <FirstSource event={event} />
      </span>
    </>
  );
}

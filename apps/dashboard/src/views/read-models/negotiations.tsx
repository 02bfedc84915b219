import type { VNode } from 'preact';
import type { Coordinate, List, PolicyEvent } from '../../http/answers.js';
import type { NegotiationRow } from '../../http/model-answers.js';
import type { Frame } from '../../pages/page.js';
import { edtfInWords } from '../../words/dates.js';
import { daysBetween } from '../../words/periods.js';
import { countOf, inWords } from '../../words/words.js';
import { FilterForm, distinct, policyField } from '../parts/filter-form.js';
import { NextPage } from '../parts/next-page.js';
import { NoRows } from '../parts/no-rows.js';
import { EventLink, PolicyLink, textOrErased } from '../parts/references.js';
import { type StageColumn, arrangeStages } from './negotiation-stages.js';

/** The stage that a negotiation was at before. */
export interface StageBefore {
  readonly stage: string;
  readonly event: string;
}

/** A negotiation with what the page shows beside its stage. */
export interface NegotiationCard {
  readonly row: NegotiationRow;
  readonly before: StageBefore | null;
  /** Objections of the counterparty, or to it. */
  readonly objections: readonly PolicyEvent[];
}

/** All negotiations at a coordinate. */
export interface NegotiationsData {
  readonly list: List<unknown>;
  readonly cards: readonly NegotiationCard[];
}

interface NegotiationsProps extends NegotiationsData {
  readonly frame: Frame;
}

/** The negotiations by the stage that they are at. */
export function Negotiations({ list, cards, frame }: NegotiationsProps): VNode {
  const rows = cards.map(({ row }) => row);
  const { running, over } = arrangeStages(cards.map((card) => ({ ...card, stage: card.row.stage })));
  return (
    <>
      <p class="lead">Which talks are at which stage, with whom, and for how long.</p>
      <FilterForm
        frame={frame}
        fields={[
          policyField(rows),
          {
            name: 'counterparty',
            label: 'Counterparty',
            suggestions: distinct(rows.map(({ counterparty }) => counterparty)),
          },
        ]}
      />
      {cards.length === 0 ? <NoRows list={list} thing="negotiation" frame={frame} /> : null}
      <div class="stages">
        {running.map((column) => (
          <Stage column={column} coordinate={list.coordinate} frame={frame} />
        ))}
      </div>
      {over.map((column) => (
        <details class="stage-over">
          <summary>
            {inWords(column.stage)}: {countOf(column.rows.length, 'negotiation')}
          </summary>
          <Cards column={column} coordinate={list.coordinate} frame={frame} />
        </details>
      ))}
      <NextPage frame={frame} next={list.next} things="negotiations" />
    </>
  );
}

interface StageProps {
  readonly column: StageColumn<NegotiationCard>;
  readonly coordinate: Coordinate;
  readonly frame: Frame;
}

function Stage({ column, coordinate, frame }: StageProps): VNode {
  return (
    <section class="stage">
      <h2>{inWords(column.stage)}</h2>
      <Cards column={column} coordinate={coordinate} frame={frame} />
    </section>
  );
}

function Cards({ column, coordinate, frame }: StageProps): VNode {
  return (
    <ul>
      {column.rows.map((card) => (
        <Card card={card} coordinate={coordinate} frame={frame} />
      ))}
    </ul>
  );
}

interface CardProps {
  readonly card: NegotiationCard;
  readonly coordinate: Coordinate;
  readonly frame: Frame;
}

function Card({ card: { row, before, objections }, coordinate, frame }: CardProps): VNode {
  return (
    <li>
      <p>
        <PolicyLink row={row} frame={frame} />
        <br />
        with {row.counterparty}
      </p>
      <p class="quiet">
        {ageInWords(row, coordinate, frame)}.{' '}
        <EventLink event={row.event} frame={frame}>
          What made it so
        </EventLink>
      </p>
      {before === null ? null : (
        <p class="quiet">
          Before:{' '}
          <EventLink event={before.event} frame={frame}>
            {inWords(before.stage)}
          </EventLink>
        </p>
      )}
      {objections.length === 0 ? null : <Objections events={objections} frame={frame} />}
    </li>
  );
}

function ageInWords({ stage, since }: NegotiationRow, { validAt }: Coordinate, { dates }: Frame): string {
  if (since === null) return `${inWords(stage)}, it is not known since when`;
  const days = daysBetween(dates, since, validAt);
  return `${inWords(stage)}, ${days < 1 ? 'since that day' : countOf(days, 'day')}, since ${dates.day(since)}`;
}

function Objections({ events, frame }: { readonly events: readonly PolicyEvent[]; readonly frame: Frame }): VNode {
  return (
    <details>
      <summary>{countOf(events.length, 'objection')}</summary>
      <ul>
        {events.map(({ key, occurred, summary, actors = [] }) => (
          <li>
            {actors.map(({ name }) => textOrErased(name)).join(', ')}, {edtfInWords(occurred)}:{' '}
            <EventLink event={key} frame={frame}>
              {textOrErased(summary)}
            </EventLink>
          </li>
        ))}
      </ul>
    </details>
  );
}

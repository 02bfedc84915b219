import type { VNode } from 'preact';
import { groupBy } from '../../group-by.js';
import type { Actor, List, PolicyEvent } from '../../http/answers.js';
import type { PositionRow, Stance } from '../../http/model-answers.js';
import type { EventsByKey } from '../../http/model-questions.js';
import type { Frame } from '../../pages/page.js';
import { edtfInWords } from '../../words/dates.js';
import { FilterForm, distinct, policyField } from '../parts/filter-form.js';
import { NextPage } from '../parts/next-page.js';
import { NoRows } from '../parts/no-rows.js';
import { EventLink, FirstSource, PolicyLink } from '../parts/references.js';
import { RowsTable } from '../parts/rows-table.js';
import { type Course, type Doubt, REVERSAL_RULE, type Step, judgeCourse } from './stance-course.js';

/** All stances at a coordinate, with the events in which they were taken. */
export interface PositionsData {
  readonly list: List<PositionRow>;
  readonly events: EventsByKey;
}

interface PositionsProps extends PositionsData {
  readonly frame: Frame;
}

/** Who stood where on each policy, step by step. */
export function Positions({ list, events, frame }: PositionsProps): VNode {
  const { items } = list;
  return (
    <>
      <p class="lead">Who said where they stand, in the order in which they said it. Silence is a gap.</p>
      <FilterForm
        frame={frame}
        fields={[
          policyField(items),
          { name: 'actor', label: 'Actor', suggestions: distinct(items.map(({ actor }) => actor)) },
        ]}
      />
      {items.length === 0 ? <NoRows list={list} thing="position" frame={frame} /> : <Rule />}
      {[...groupBy(items, ({ policy }) => policy).values()].map((rows) => (
        <PolicyPositions rows={rows} events={events} frame={frame} />
      ))}
      <NextPage frame={frame} next={list.next} things="positions" />
    </>
  );
}

function Rule(): VNode {
  return (
    <details class="rule">
      <summary>When a change is called a reversal</summary>
      <p>{REVERSAL_RULE}</p>
    </details>
  );
}

interface PolicyPositionsProps {
  readonly rows: readonly PositionRow[];
  readonly events: EventsByKey;
  readonly frame: Frame;
}

function PolicyPositions({ rows, events, frame }: PolicyPositionsProps): VNode | null {
  const [first] = rows;
  if (first === undefined) return null;
  const actors = [...groupBy(rows, ({ actor }) => actor).values()];
  return (
    <section class="policy-positions">
      <h2>
        <PolicyLink row={first} frame={frame} />
      </h2>
      <RowsTable
        label={`Positions on ${first.policyTitle ?? first.policy}`}
        rows={actors}
        columns={[
          { title: 'Actor', cell: (stances) => <ActorCell stances={stances} events={events} /> },
          { title: 'Steps', cell: (stances) => <Steps stances={stances} events={events} frame={frame} /> },
          {
            title: 'Change',
            cell: (stances) => (
              <CourseCell
                course={judgeCourse(stances.map((row) => stepOf(row, events)))}
                events={events}
                frame={frame}
              />
            ),
          },
        ]}
      />
    </section>
  );
}

const actorIn = (event: PolicyEvent | undefined, name: string): Actor | undefined =>
  event?.actors?.find((actor) => actor.name === name);

function stepOf({ stance, event: key, actor: name }: PositionRow, events: EventsByKey): Step {
  const event = events[key];
  return {
    stance,
    event: key,
    earliest: event?.dating?.earliest,
    latest: event?.dating?.latest,
    follows: (event?.links ?? []).filter(({ rel }) => rel === 'follows').map(({ to }) => to),
    speaker: speakerOf(actorIn(event, name)),
  };
}

function speakerOf(actor: Actor | undefined): Step['speaker'] {
  if (actor === undefined) return undefined;
  if (actor.anonymous === true) return 'anonymous';
  return actor.kind === 'group' ? 'group' : 'named';
}

interface StancesProps {
  readonly stances: readonly PositionRow[];
  readonly events: EventsByKey;
}

function ActorCell({ stances, events }: StancesProps): VNode {
  const last = stances.at(-1);
  const actor = last && actorIn(events[last.event], last.actor);
  return (
    <>
      {last?.actor}
      {actor?.role === undefined ? null : <span class="aside">{actor.role}</span>}
    </>
  );
}

const SYMBOLS: Readonly<Record<Stance, string>> = {
  support: '▲',
  conditional: '◆',
  noncommittal: '○',
  oppose: '▼',
  refuse: '✕',
};

function Steps({ stances, events, frame }: StancesProps & { readonly frame: Frame }): VNode {
  const newestRole = roleAt(stances.length - 1);
  function roleAt(index: number): string | undefined {
    const row = stances[index];
    return row && actorIn(events[row.event], row.actor)?.role;
  }
  return (
    <ol class="steps">
      {stances.map(({ stance, event: key }, index) => {
        const event = events[key];
        const role = roleAt(index);
        return (
          <li>
            <StanceWord stance={stance} isWithheld={event?.type === 'answer.withheld'} />{' '}
            <EventLink event={key} frame={frame}>
              {event === undefined ? undefined : edtfInWords(event.occurred)}
            </EventLink>
            {role === undefined || role === newestRole ? null : <span class="aside">as {role}</span>}
          </li>
        );
      })}
    </ol>
  );
}

function StanceWord({ stance, isWithheld }: { readonly stance: Stance; readonly isWithheld: boolean }): VNode {
  return (
    <span class="stance">
      <span aria-hidden="true">{isWithheld ? '◌' : SYMBOLS[stance]}</span> {isWithheld ? 'gave no answer' : stance}
    </span>
  );
}

const DOUBTS: Readonly<Record<Doubt, string>> = {
  order: 'it is not settled which came first',
  anonymous: 'the speaker is not named',
  group: 'a group spoke, not one actor',
  speaker: 'the record does not tell who spoke',
};

interface CourseProps {
  readonly course: Course;
  readonly events: EventsByKey;
  readonly frame: Frame;
}

function CourseCell({ course, events, frame }: CourseProps): VNode | null {
  if (course.kind === 'steady') return null;
  return (
    <>
      {course.kind === 'reversed' ? (
        <strong>
          <span aria-hidden="true">⤺</span> Reversed
        </strong>
      ) : (
        <>Stances differ; {DOUBTS[course.doubt]}</>
      )}
      <ul class="both">
        {[course.from, course.to].map(({ stance, event }) => (
          <li>
            <EventLink event={event} frame={frame}>
              {stance}
            </EventLink>
            {events[event] === undefined ? null : (
              <>
                , <FirstSource event={events[event]} />
              </>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

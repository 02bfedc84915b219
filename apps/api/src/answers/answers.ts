import { z } from 'zod';
import { answerSchema } from '#audit';
import { DiffBetween, EventAt, EventIndexAt, EventsAt, HiddenEventsAt, StateAt } from '#projections';
import { tables } from '#tables';
import { differenceFrame, frame } from '../http/response/frame.js';

/** The schemas of the answers to reads: those of the queries, extended by the frame that every answer has. */

const stateProof = z
  .strictObject({
    ...answerSchema.shape,
    shown: z.unknown().meta({
      description: 'What follows from the entries at the coordinate; of a list these rows, and how many there are.',
    }),
  })
  .meta({ id: 'StateProof', description: 'All entries that an answer follows from, and that there are no others.' });

/** The proof of an answer that can have one. */
export const proven = {
  proof: stateProof
    .optional()
    .meta({ description: 'With `proof=true`: `ptl verify`, in a clone of the repository, takes the answer as it is.' }),
};

const hidden = {
  hidden: HiddenEventsAt.answer.optional().meta({ description: 'With `hidden=true`.' }),
};

/** The state of one policy. */
export const stateSchema = StateAt.answer
  .extend({
    ...frame.shape,
    ...hidden,
    ...proven,
  })
  .meta({ id: 'State', description: 'What holds of one policy at a coordinate.' });

const near = z.array(z.string()).meta({
  description:
    'Only present if `items` is empty because no row ever had the requested actor, counterparty, claimant, publisher or measure: at most five similar names.',
});

/** The table of each list, by the name of its page's component. */
const TABLE_OF: Readonly<Record<string, string>> = {
  StateList: 'policies',
  EventList: 'events',
  History: 'history',
  Series: 'series',
  FactTable: 'facts',
  FigureList: 'figures',
  PositionList: 'positions',
  NegotiationList: 'negotiations',
  ClaimList: 'claims',
  SourceList: 'sources',
  ActorList: 'actors',
  AnomalyList: 'anomalies',
  PromiseList: 'promises',
  TurnList: 'turns',
};

/** What stands in a list: its items, or with `columns` rows of its table. */
function itemsSchema(name: string, item: z.ZodType): z.ZodType {
  const table = tables.find((each) => each.name === TABLE_OF[name]);
  if (!table) return z.array(item);
  const id = `${name.replace(/(?:List|Table)$/, '')}Columns`;
  const row = table.schema.partial().meta({ id, description: 'A row with the columns that were asked for.' });
  return z.union([z.array(item), z.array(row)]);
}

/** The schema of one page of items, or with `shape=array` of its items alone; `name` is the name of the page's component in the document. */
export function listSchema(name: string, item: z.ZodType, more: z.ZodRawShape = {}) {
  const items = itemsSchema(name, item);
  return z.union([
    z
      .object({
        items,
        next: z.string().nullable().meta({ description: '`cursor` of the next page; `null` on the last.' }),
        near: near.optional(),
        ...frame.shape,
        ...more,
      })
      .meta({ id: name }),
    items.meta({ description: 'With `shape=array`.' }),
  ]);
}

/** One page of states. */
export const stateListSchema = listSchema('StateList', stateSchema, hidden);

/** One page of events. */
export const eventListSchema = listSchema('EventList', EventsAt.answer, { ...hidden, ...proven });

/** All matching events as columns. */
export const eventIndexSchema = EventIndexAt.answer.extend({ ...frame.shape, ...hidden }).meta({
  id: 'EventIndex',
  description: 'All matching events as columns, with the lists to which the columns refer.',
});

/** One event, with the events that link to it. */
export const eventInFullSchema = EventAt.answer.extend(frame.shape).meta({
  id: 'EventInFull',
  description: 'One event, with `links` as recorded, what links to it, and the corrections in force.',
});

/** The differences between two coordinates. */
export const differenceSchema = DiffBetween.answer.extend({ ...differenceFrame.shape, ...proven }).meta({
  id: 'Difference',
  description: 'What differs between two coordinates.',
});

/** The answer to a request that names a policy by an alias. */
export const ALIAS = {
  status: 308,
  description: 'The name is an alias; `Location` is the same address with the slug. Send the same request there.',
};

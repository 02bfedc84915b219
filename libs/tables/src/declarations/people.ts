import { ACTOR_KINDS, STANCES } from '#domain';
import { fromEvent, ofEvent, partOf, whichEvent } from '../cells/event-columns.js';
import { jsonColumn, instantColumn, integerColumn, textColumn, textsColumn, wordColumn } from '../cells/fields.js';
import { cellOf, declareTable } from '../cells/table.js';

/** Tables of what people and organisations say and do. */

const stance = wordColumn(STANCES, 'Where the actor stands on the policy.');

export const positionsTable = declareTable({
  name: 'positions',
  title: 'Positions',
  description: 'The newest stance of each actor on each policy; with `all=true` every one.',
  path: '/v1/positions',
  columns: {
    ...whichEvent,
    actor: textColumn('Name of the actor.'),
    stance,
    previousStance: stance.nullable().meta({ description: 'The stance that it followed; `null`: none.' }),
    previousEvent: textColumn('Key of the event of that stance.').nullable(),
    ...ofEvent,
  },
  from: {
    ...fromEvent,
    previousStance: ({ previous }) => cellOf(partOf(previous, 'stance')),
    previousEvent: ({ previous }) => cellOf(partOf(previous, 'event')),
  },
});

export const negotiationsTable = declareTable({
  name: 'negotiations',
  title: 'Negotiations',
  description: 'The stage that the negotiation of a policy with a counterparty has reached.',
  path: '/v1/negotiations',
  columns: {
    ...whichEvent,
    counterparty: textColumn('Name of the other side.'),
    stage: textColumn('Stage of the negotiation.'),
    since: instantColumn('Since when it has been at this stage; `null`: open.').nullable(),
    ...ofEvent,
  },
  from: fromEvent,
});

export const claimsTable = declareTable({
  name: 'claims',
  title: 'Claims',
  description: 'One row a claim, and how it stands by what bears on it.',
  path: '/v1/claims',
  columns: {
    ...whichEvent,
    by: textsColumn('Names of those who claim it.'),
    summary: textColumn('What is claimed.'),
    standing: textColumn(
      'How it stands: claimed, corroborated, contested, disputed, denied, withdrawn or falsified; the gravest counts.',
    ),
    because: textsColumn('Keys of the events behind `standing`, in order of occurrence.'),
    ...ofEvent,
  },
  from: fromEvent,
});

export const actorsTable = declareTable({
  name: 'actors',
  title: 'Actors',
  description: 'One row a person, organisation or country that acts in a policy. `event` is the first that names it.',
  path: '/v1/actors',
  columns: {
    ...whichEvent,
    actor: textColumn('Name of the actor.'),
    kind: wordColumn(ACTOR_KINDS, 'Kind of actor.'),
    roles: jsonColumn(
      'The roles in which the actor acted, each with the first event that names it: `[{role, event}]`.',
    ),
    events: integerColumn('How many events name the actor.'),
    ...ofEvent,
  },
  from: fromEvent,
});

export const anomaliesTable = declareTable({
  name: 'anomalies',
  title: 'Anomalies',
  description: 'What was accepted and is worth a look.',
  path: '/v1/anomalies',
  columns: {
    ...whichEvent,
    kind: textColumn('Kind of anomaly.'),
    detail: textColumn('What looks odd, in a sentence or two.'),
    ...ofEvent,
  },
  from: fromEvent,
});

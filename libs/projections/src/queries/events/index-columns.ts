import { z } from 'zod';
import { DATE_PRECISIONS, EPISTEMICS, MODALITIES } from '#domain';
import { texts } from '../../rows/answer-parts.js';

const places = (list: string) => z.array(z.int()).meta({ description: `Place in \`${list}\`.` });
const placesInEach = (list: string, what: string) =>
  z.array(z.array(z.int()).readonly()).meta({ description: `Places in \`${list}\`: ${what}` });
const instants = (what: string) => z.array(z.number()).meta({ description: `${what} Milliseconds since 1970.` });
const bounds = (what: string) =>
  z.array(z.number().nullable()).meta({ description: `${what} Milliseconds since 1970; \`null\`: open.` });
const flags = (what: string) => z.array(z.boolean()).meta({ description: what });

/** The columns of an index of events; all are equally long. */
export const eventIndexColumns = z.object({
  key: z.array(z.string()),
  policy: places('policies'),
  type: places('types'),
  position: z.array(z.int()).meta({ description: 'Position in the log.' }),
  publishedAt: instants('The first instant of its publication, as corrected.'),
  knownFrom: instants('The first instant at which the public could know it.'),
  earliest: bounds('When it happened at the earliest, as links and publications date it.'),
  latest: bounds('When it happened at the latest.'),
  settled: bounds('By when it had happened for certain.'),
  precision: places('precisions'),
  approximate: flags('Whether its date is given as approximate or uncertain.'),
  modality: places('modalities'),
  epistemic: z.array(z.int().nullable()).meta({ description: 'Place in `epistemics`; `null`: not stated.' }),
  corrected: flags('Whether a correction is in force.'),
  retracted: flags('Whether it is retracted; only with `retracted=true`.'),
  conflicting: flags('Whether it contradicts another of these events, or one of them contradicts it.'),
  actors: placesInEach('actors', 'its actors.'),
  counterparties: placesInEach('actors', 'its counterparties.'),
  fields: placesInEach('fields', 'the groups of fields that it asserts.'),
});

/** All matching events as columns, with the lists to which the columns refer. */
export const shownEventIndex = z.object({
  count: z.int().meta({ description: 'How many events match: the length of each column.' }),
  policies: z.array(z.object({ slug: z.string(), title: z.string() })).readonly(),
  types: texts,
  actors: texts,
  precisions: z.array(z.enum(DATE_PRECISIONS)).readonly(),
  modalities: z.array(z.enum(MODALITIES)).readonly(),
  epistemics: z.array(z.enum(EPISTEMICS)).readonly(),
  fields: texts.meta({ description: 'First parts of the paths of fields, such as `status` or `negotiations`.' }),
  columns: eventIndexColumns.meta({ description: 'One value an event in each, in the order of the request.' }),
});

/** See the schema. */
export type EventIndexAnswer = Readonly<z.output<typeof shownEventIndex>>;

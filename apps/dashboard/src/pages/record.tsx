import {
  type FormField,
  REGISTRATION_TYPE,
  type Schemas,
  fieldsOf,
  listEventTypes,
  mainListOf,
} from '../form/fields.js';
import type { RecordData } from '../form/record-data.js';
import type { Address } from '../http/address.js';
import type { AtCoordinate, List, PolicyEvent, PolicyState } from '../http/answers.js';
import { type Ask, type Problem, type Read, read, readText } from '../http/ask.js';
import { RecordView } from '../views/record.js';
import { dateWords } from '../words/dates.js';
import { type Loaded, definePage, readAbout } from './page.js';

const MOST_POLICIES = '1000';

/** The form by which events are recorded, corrected and retracted. */
export const recordPage = definePage<RecordData>({
  name: 'record',
  path: /^\/record$/,
  load: loadForm,
  view: (data, frame) => <RecordView data={data} frame={frame} />,
});

/** Reads what the form starts from. */
export async function loadForm({ parameters }: Address, ask: Ask): Promise<Read<Loaded<RecordData>>> {
  const recorded = parameters.get('recorded');
  if (recorded !== undefined) return loadReceipt(recorded, ask);
  const targetKey = parameters.get('corrects') ?? parameters.get('retracts');
  const [schemasRead, policies, target] = await Promise.all([
    readSchemas(ask),
    read<List<PolicyState>>(ask, `/v1/policies?limit=${MOST_POLICIES}`),
    targetKey === undefined ? undefined : readTarget(ask, targetKey),
  ]);
  if (!schemasRead.ok) return schemasRead;
  if (!policies.ok) return policies;
  if (target?.ok === false) return target;
  const type = typeAsked(parameters);
  const schemas = schemasRead.body;
  const fields = type === undefined ? [] : fieldsOf(type, schemas);
  if (fields === undefined) return { ok: false, problem: unknownType(type ?? '') };
  const event = target?.body.event;
  const main = type === undefined ? undefined : mainListOf(type);
  const targetFields = event === undefined ? undefined : fieldsOf(event.type, schemas);
  return {
    ok: true,
    body: {
      title: titleOf(type, event),
      data: {
        types: listEventTypes(schemas),
        policies: policies.body.items.map(({ policy, title }) => ({ policy, title })),
        type,
        fields: fields.map((field) => narrowChanges(field, targetFields)),
        target: event,
        body: {
          ...(type === undefined ? {} : { type }),
          ...(type === REGISTRATION_TYPE ? {} : { policy: event?.policy ?? policyAsked(parameters, policies.body) }),
          ...(target === undefined ? {} : startOfRecordEvent(target.body, type)),
          ...(main === undefined ? {} : { [main]: [{}] }),
        },
      },
    },
  };
}

interface Target {
  readonly event: PolicyEvent;
  /** As an ISO date, in the zone of the log. */
  readonly today: string;
}

/** Reads the event that is to be corrected or retracted, and which day it is there. */
async function readTarget(ask: Ask, key: string): Promise<Read<Target>> {
  const [event, about] = await Promise.all([
    read<PolicyEvent & AtCoordinate>(ask, `/v1/events/${encodeURIComponent(key)}`),
    readAbout(ask),
  ]);
  if (!event.ok) return event;
  if (!about.ok) return about;
  const today = dateWords(about.body.timeZone).isoDay(event.body.coordinate.knownAt);
  return { ok: true, body: { event: event.body, today } };
}

const LONGEST_STEM = 100;

/** What a correction or a retraction that is made today says, unless its recorder says otherwise. */
function startOfRecordEvent({ event, today }: Target, type: string | undefined): Readonly<Record<string, unknown>> {
  const stem = `${event.key.slice(0, LONGEST_STEM)}-${type === 'record.retracted' ? 'retracted' : 'corrected'}`;
  const earlier = event.correctedBy?.length ?? 0;
  const key = earlier === 0 ? stem : `${stem}-${earlier + 1}`;
  return { target: event.key, key, occurred: today, publishedAt: today };
}

/** The policy that an address names, if there is one of that name. */
function policyAsked(parameters: ReadonlyMap<string, string>, { items }: List<PolicyState>): string {
  const asked = parameters.get('policy');
  return items.find(({ policy, aliases }) => policy === asked || aliases.some((each) => each === asked))?.policy ?? '';
}

/** The document whose schemas were read last. It is long, and stays the same for as long as the server runs. */
let known: { readonly text: string; readonly schemas: Schemas } | undefined;

/** Reads the schemas of events; a document that is the same as the last one is not parsed again. */
async function readSchemas(ask: Ask): Promise<Read<Schemas>> {
  const document = await readText(ask, '/openapi.json');
  if (!document.ok) return document;
  if (known?.text !== document.body) {
    const { components }: { readonly components: { readonly schemas: Schemas } } = JSON.parse(document.body);
    known = { text: document.body, schemas: components.schemas };
  }
  return { ok: true, body: known.schemas };
}

/** What was recorded by a form that was just sent. */
async function loadReceipt(key: string, ask: Ask): Promise<Read<Loaded<RecordData>>> {
  const event = await read<PolicyEvent>(ask, `/v1/events/${encodeURIComponent(key)}`);
  if (!event.ok) return event;
  const { position, recordedAt } = event.body;
  const nothing = { types: [], policies: [], type: undefined, fields: [], target: undefined, body: {} };
  return { ok: true, body: { title: 'Recorded', data: { ...nothing, receipt: { key, position, recordedAt } } } };
}

function typeAsked(parameters: ReadonlyMap<string, string>): string | undefined {
  if (parameters.has('corrects')) return 'record.corrected';
  return parameters.has('retracts') ? 'record.retracted' : parameters.get('type');
}

function titleOf(type: string | undefined, target: PolicyEvent | undefined): string {
  if (type === REGISTRATION_TYPE) return 'Register a policy';
  if (target === undefined) return type === undefined ? 'Record an event' : `Record: ${type.replaceAll(/[.-]/g, ' ')}`;
  return type === 'record.retracted' ? `Retract ${target.key}` : `Correct ${target.key}`;
}

/** A correction can change only the fields that its target's type has. */
function narrowChanges(field: FormField, targetFields: readonly FormField[] | undefined): FormField {
  if (field.name !== 'changes' || field.kind !== 'group' || targetFields === undefined) return field;
  const names = new Set(targetFields.map(({ name }) => name));
  return { ...field, fields: field.fields.filter(({ name }) => names.has(name)) };
}

const unknownType = (type: string): Problem => ({
  status: 404,
  title: 'There is no such type of event',
  detail: `"${type}" is not a type of event. Choose one from the list at /record.`,
  errors: [],
});

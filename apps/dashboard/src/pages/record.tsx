import { type FormField, type Schemas, fieldsOf, listEventTypes } from '../form/fields.js';
import type { RecordData } from '../form/record-data.js';
import type { Address } from '../http/address.js';
import type { List, PolicyEvent, PolicyState } from '../http/answers.js';
import { type Ask, type Problem, type Read, read } from '../http/ask.js';
import { RecordView } from '../views/record.js';
import { type Loaded, definePage } from './page.js';

const MOST_POLICIES = '1000';

/** The form by which events are recorded, corrected and retracted. */
export const recordPage = definePage<RecordData>({
  name: 'record',
  path: /^\/record$/,
  load,
  view: (data, frame) => <RecordView data={data} frame={frame} />,
});

async function load({ parameters }: Address, ask: Ask): Promise<Read<Loaded<RecordData>>> {
  const targetKey = parameters.get('corrects') ?? parameters.get('retracts');
  const [document, policies, target] = await Promise.all([
    read<{ readonly components: { readonly schemas: Schemas } }>(ask, '/openapi.json'),
    read<List<PolicyState>>(ask, `/v1/policies?limit=${MOST_POLICIES}`),
    targetKey === undefined ? undefined : read<PolicyEvent>(ask, `/v1/events/${encodeURIComponent(targetKey)}`),
  ]);
  if (!document.ok) return document;
  if (!policies.ok) return policies;
  if (target?.ok === false) return target;
  const type = typeAsked(parameters);
  const { schemas } = document.body.components;
  const fields = type === undefined ? [] : fieldsOf(type, schemas);
  if (fields === undefined) return { ok: false, problem: unknownType(type ?? '') };
  const event = target?.body;
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
          policy: event?.policy ?? parameters.get('policy') ?? '',
          ...(event === undefined ? {} : { target: event.key }),
        },
      },
    },
  };
}

function typeAsked(parameters: ReadonlyMap<string, string>): string | undefined {
  if (parameters.has('corrects')) return 'record.corrected';
  return parameters.has('retracts') ? 'record.retracted' : parameters.get('type');
}

function titleOf(type: string | undefined, target: PolicyEvent | undefined): string {
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

import { eventTypes, registrationSchema } from '#domain';
import { type DocumentPart, hoistDefinitions, schemaOf } from './schema-of.js';

/** Name of the component that describes the body of any event. */
export const EVENT_BODY = 'EventBody';

/** Name of the component that describes the registration of a policy. */
export const REGISTRATION = 'Registration';

/** Types that only the service itself records. */
const NOT_FOR_RECORDERS = 'operation';

/** The components of the event bodies, one per type, and one that selects among them by `type`. */
export function eventBodySchemas(): Readonly<Record<string, DocumentPart>> {
  const types = [...eventTypes.values()].filter(({ family }) => family !== NOT_FOR_RECORDERS);
  const bodies = types.map(({ name }) => ({ type: name, component: componentOf(name) }));
  const described = types.map(({ schema }) => hoistDefinitions(schemaOf(schema, 'input')));
  const reference = (component: string): string => `#/components/schemas/${component}`;
  return {
    [REGISTRATION]: schemaOf(registrationSchema, 'input'),
    [EVENT_BODY]: {
      description: 'One event; `type` determines its fields.',
      oneOf: bodies.map(({ component }) => ({ $ref: reference(component) })),
      discriminator: {
        propertyName: 'type',
        mapping: Object.fromEntries(bodies.map(({ type, component }) => [type, reference(component)])),
      },
    },
    ...Object.fromEntries(bodies.map(({ component }, index) => [component, described[index]?.schema ?? {}])),
    ...Object.assign({}, ...described.map(({ definitions }) => definitions)),
  };
}

/** `policy.announced` becomes `PolicyAnnounced`. */
export const componentOf = (type: string): string =>
  type
    .split(/[.-]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

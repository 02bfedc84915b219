import { eventTypes } from '#domain';
import { type Json, schemaOf } from './schema-of.js';

/** Name of the component that describes the body of any event. */
export const EVENT_BODY = 'EventBody';

/** The body of each type of event as a component, and one that tells them apart by `type`. */
export function eventBodySchemas(): Readonly<Record<string, Json>> {
  const bodies = [...eventTypes.values()].map(({ name, summary, bodySchema }) => ({
    type: name,
    component: componentOf(name),
    schema: { ...schemaOf(bodySchema, 'input'), description: summary },
  }));
  const reference = (component: string): string => `#/components/schemas/${component}`;
  return {
    [EVENT_BODY]: {
      description: 'One event; `type` says which fields it has.',
      oneOf: bodies.map(({ component }) => ({ $ref: reference(component) })),
      discriminator: { propertyName: 'type', mapping: Object.fromEntries(bodies.map(({ type, component }) => [type, reference(component)])) },
    },
    ...Object.fromEntries(bodies.map(({ component, schema }) => [component, schema])),
  };
}

/** `policy.announced` becomes `PolicyAnnounced`. */
const componentOf = (type: string): string =>
  type.split(/[.-]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');

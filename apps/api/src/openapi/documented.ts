import type { z } from 'zod';
import type { QuerySchema } from '../http/query-string.js';
import type { RefusalCode } from '../http/refusals.js';

/** One way in which an operation answers. */
export interface DocumentedAnswer {
  readonly status: number;
  readonly description: string;
  /** Absent for an answer without a body. */
  readonly schema?: z.ZodType;
  /** Media type; `application/json` unless given. */
  readonly type?: string;
}

/** What a request's body looks like: a schema, or the name of a component of the document. */
export interface DocumentedBody {
  readonly type: string;
  readonly schema: z.ZodType | { readonly component: string };
  readonly description?: string;
}

/** What the document says about one operation beyond what its routing says. */
export interface Operation {
  readonly summary: string;
  readonly description?: string;
  readonly query?: QuerySchema;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: DocumentedBody;
  readonly answers: readonly DocumentedAnswer[];
  /** Refusals of its own; those that any request can meet are added. */
  readonly refusals?: readonly RefusalCode[];
}

const OPERATION = Symbol('operation');

/** Describes a controller's method for the OpenAPI document. */
export function Documented(operation: Operation): MethodDecorator {
  return (_target, _name, descriptor) => {
    const method: object = Object(descriptor.value);
    Reflect.defineMetadata(OPERATION, operation, method);
  };
}

/** What {@link Documented} said about a method; undefined when it was not used. */
export function operationOf(method: object): Operation | undefined {
  const operation: Operation | undefined = Reflect.getMetadata(OPERATION, method);
  return operation;
}

import { z } from 'zod';
import {
  type actor,
  commonFields,
  type figure,
  type link,
  type source,
  type sourceName,
  type term,
  type via,
} from './fields.js';
import { ownFields } from './own-fields.js';
import type { Json } from '../values/json.js';
import type { Instant, Position, Revision } from '../values/time.js';
import type { Publication, WorldDate } from '../values/world-date.js';

/** The marker of an erased text. */
export interface Erased {
  readonly erased: true;
}

/** The form in memory of a given value: dates parsed, and erasable texts possibly erased. */
export type InMemory<Given> =
  Given extends z.$brand<'WorldDate'>
    ? WorldDate
    : Given extends z.$brand<'Publication'>
      ? Publication
      : Given extends z.$brand<'Erasable'>
        ? string | Erased
        : Given extends readonly (infer Item)[]
          ? readonly InMemory<Item>[]
          : Given extends object
            ? { readonly [Field in keyof Given]: InMemory<Exclude<Given[Field], undefined>> }
            : Given;

export type Actor = InMemory<z.output<typeof actor>>;

export type Via = InMemory<z.output<typeof via>>;

/** A clause of a policy; `null` says that it has none. */
export type Term = InMemory<z.output<typeof term>>;

export type Figure = InMemory<z.output<typeof figure>>;

export type Link = InMemory<z.output<typeof link>>;

export type Source = InMemory<z.output<typeof source>>;

/** A source by name alone, as a `source.retracted` gives it. */
export type SourceName = InMemory<z.output<typeof sourceName>>;

// A field given under its former name is read under its current one.
const { embargoed: _older, ...fieldsInMemory } = commonFields;

/**
 * Every field that a body can have, as it is given; which of them a type has and needs, its own schema says. Without
 * `changes`, which are of the same fields.
 */
export const bodySchema = z.object({ ...fieldsInMemory, type: z.string(), ...z.object(ownFields).partial().shape });

/** The body of an event in memory: the fields of {@link bodySchema}, and what a correction changes. */
export interface EventBody extends InMemory<z.output<typeof bodySchema>> {
  readonly changes?: Changes;
}

/** Fields that a correction replaces whole; `null` empties one. */
export type Changes = { readonly [Field in keyof EventBody]?: EventBody[Field] | null };

/** An event as the log holds it: the body as first recorded, erasable values put back. */
export interface RecordedEvent {
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly position: Position;
  readonly revision: Revision;
  readonly recordedAt: Instant;
  /** Who recorded it: the id of a key or of a subject, never a name. Absent where nobody was named. */
  readonly recordedBy?: string;
  readonly body: EventBody;
}

/** The value that an event gives a field of its policy's state; `null`: the field is absent. */
export interface Assertion {
  readonly field: string;
  readonly value: Json;
}

import type { Epistemic, Genre, Jurisdiction, PolicyKind, Rel, Stance, Status } from './words.js';
import type { Instant, Position, Revision } from './time.js';
import type { Publication, WorldDate } from './world-date.js';

/** A value that JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** An object that JSON can hold. */
export interface JsonObject {
  readonly [name: string]: Json;
}

/** What stands for a text that was erased. */
export interface Erased {
  readonly erased: true;
}

export interface Actor {
  readonly name: string | Erased;
  readonly kind: 'person' | 'organisation' | 'country' | 'bloc' | 'group';
  readonly role?: string;
  readonly onBehalfOf?: string;
  readonly anonymous?: boolean;
  /** The name is erasable: it is stored as a commitment. */
  readonly private?: boolean;
}

export interface Via {
  readonly publisher: string;
  readonly form?: string;
  readonly date?: string;
}

/** A clause of a policy; `null` says that it has none. */
export interface Term {
  readonly key: string;
  readonly value: string | number | boolean | null;
  readonly unit?: string;
}

export interface Figure {
  readonly measure: string;
  readonly value: number | null;
  readonly comparator: 'exact' | 'at-least' | 'at-most' | 'approx' | 'nearly' | 'vague';
  readonly unit: string;
  /** EDTF, an ISO 8601 duration, or null. */
  readonly period?: string | null;
  readonly comparedTo?: string | null;
  readonly purpose?: string;
}

export interface Link {
  readonly rel: Rel;
  readonly to: string;
}

export interface Source {
  readonly publisher: string;
  readonly title: string;
  readonly url?: string;
  readonly publishedAt: string;
  readonly genre: Genre;
  readonly sha256?: string;
  readonly locator?: string;
}

/** A source by name alone, as a `source.retracted` gives it. */
export type SourceName = Pick<Source, 'publisher' | 'title'>;

/** What every event can carry. Lists may be absent. */
export interface CommonBody {
  readonly key: string;
  readonly type: string;
  readonly policy: string;
  readonly alsoPolicies?: readonly string[];
  readonly occurred: WorldDate;
  readonly effective?: { readonly from?: WorldDate; readonly to?: WorldDate };
  readonly publishedAt: Publication;
  readonly actors?: readonly Actor[];
  readonly counterparties?: readonly Actor[];
  readonly attributedTo?: readonly Actor[];
  readonly via?: readonly Via[];
  readonly summary: string;
  /** Absent: the type's default. `null`: no change. */
  readonly status?: Status | null;
  readonly stance?: Stance;
  readonly epistemic?: Epistemic;
  readonly modality?: 'actual' | 'planned' | 'conditional';
  readonly terms?: readonly Term[];
  readonly figures?: readonly Figure[];
  readonly plannedFor?: WorldDate;
  readonly links?: readonly Link[];
  readonly sources?: readonly Source[];
  readonly ordinal?: number;
  readonly forthcoming?: boolean;
  readonly note?: string | Erased;
}

/** What single types add. */
export interface OwnFields {
  readonly undoes?: string;
  readonly by?: string;
  readonly title?: string;
  readonly kind?: PolicyKind;
  readonly jurisdiction?: Jurisdiction;
  readonly aliases?: readonly string[];
  readonly stage?: string;
  readonly host?: string;
  readonly instrument?: string;
  readonly outcome?: 'lawful' | 'unlawful' | 'partly';
  readonly target?: string;
  readonly reason?: string;
  readonly source?: Source | SourceName;
  readonly changes?: Changes;
  /** Name of a read model. */
  readonly projection?: string;
  /** Size and root of a tree over the log. */
  readonly size?: number;
  readonly root?: string;
}

/** The body of an event in memory: dates read, everything else as given. */
export interface EventBody extends CommonBody, OwnFields {}

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
  readonly body: EventBody;
}

/** What a policy is called and is, as registered. */
export interface Registration {
  readonly slug: string;
  readonly title: string;
  readonly kind: PolicyKind;
  readonly jurisdiction: Jurisdiction;
  readonly aliases?: readonly string[];
}

/** What an event says of one field of its policy's state; `null` says that the field is absent. */
export interface Assertion {
  readonly field: string;
  readonly value: Json;
}

/** Stands in the place of a slug where an event is about the service as a whole: no policy can be called so. */
export const SERVICE = '-service';

/** True for the types that speak of other records, or of the service, and assert nothing themselves. */
export const speaksOfRecords = (type: string): boolean =>
  type.startsWith('record.') || type.startsWith('source.') || type.startsWith('operation.');

/** An actor's name as fields and filters use it; one word for every name that was erased. */
export const actorName = ({ name }: Pick<Actor, 'name'>): string => (typeof name === 'string' ? name : 'erased');

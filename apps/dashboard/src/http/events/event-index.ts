/** The columns of an index of events that lanes are drawn from. Place n of each is about event n. */
export interface EventColumns {
  readonly key: readonly string[];
  /** Places in the list of policies. */
  readonly policy: readonly number[];
  readonly type: readonly number[];
  /** Milliseconds since 1970, as the bounds below; `null`: open. */
  readonly publishedAt: readonly number[];
  readonly knownFrom: readonly number[];
  readonly earliest: readonly (number | null)[];
  readonly latest: readonly (number | null)[];
  readonly settled: readonly (number | null)[];
  readonly approximate: readonly boolean[];
  readonly modality: readonly number[];
  readonly epistemic: readonly (number | null)[];
  readonly corrected: readonly boolean[];
  readonly retracted: readonly boolean[];
  readonly conflicting: readonly boolean[];
  /** Places in the list of actors. */
  readonly actors: readonly (readonly number[])[];
  readonly counterparties: readonly (readonly number[])[];
  /** Places in the list of groups of fields that an event asserts. */
  readonly fields: readonly (readonly number[])[];
}

/** All matching events as columns, with the lists that the columns refer to (`/v1/events?shape=index`). */
export interface EventIndex {
  readonly policies: readonly { readonly slug: string; readonly title: string }[];
  readonly types: readonly string[];
  readonly actors: readonly string[];
  readonly modalities: readonly string[];
  readonly epistemics: readonly string[];
  readonly fields: readonly string[];
  readonly columns: EventColumns;
}

/** Keeps of an index what lanes are drawn from: a page carries its data with it. */
export function trimIndex({
  policies,
  types,
  actors,
  modalities,
  epistemics,
  fields,
  columns,
}: EventIndex): EventIndex {
  const { key, policy, type, publishedAt, knownFrom, earliest, latest, settled, approximate, ...others } = columns;
  const { modality, epistemic, corrected, retracted, conflicting } = others;
  return {
    ...{ policies, types, actors, modalities, epistemics, fields },
    columns: {
      ...{ key, policy, type, publishedAt, knownFrom, earliest, latest, settled, approximate, modality, epistemic },
      ...{ corrected, retracted, conflicting },
      ...{ actors: others.actors, counterparties: others.counterparties, fields: others.fields },
    },
  };
}

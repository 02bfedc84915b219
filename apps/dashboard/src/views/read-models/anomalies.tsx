import type { VNode } from 'preact';
import type { List } from '../../http/answers.js';
import type { AnomalyRow } from '../../http/model-answers.js';
import type { Frame } from '../../pages/page.js';
import { inWords } from '../../words/words.js';
import { FilterForm, policyField } from '../parts/filter-form.js';
import { NextPage } from '../parts/next-page.js';
import { NoRows } from '../parts/no-rows.js';
import { EventLink, PolicyLink } from '../parts/references.js';
import { RowsTable } from '../parts/rows-table.js';

interface AnomaliesProps {
  readonly list: List<AnomalyRow>;
  readonly frame: Frame;
}

/** What each kind of anomaly is, in words. */
const KINDS: Readonly<Record<string, string>> = {
  'bounds-crossed': 'Dates that cannot all be right',
  'follows-wrong-way': 'Said to follow what came later',
  'no-source-left': 'Every source was withdrawn',
  'order-unknown': 'The order is not known',
  'source-not-cited': 'A source withdrawn that was not cited',
  tie: 'Two that disagree at the same time',
  'unusual-transition': 'An unusual course of the status',
  repeated: 'Stored twice; the second was disregarded',
  'key-taken': 'Disregarded: its key was taken',
  'idempotency-key-taken': 'Disregarded: its request had been answered',
  'request-disregarded': 'Disregarded with the rest of its request',
  'not-ours': 'Disregarded: not written by this service',
};

/** What was accepted and is worth a look, in words. */
export function Anomalies({ list, frame }: AnomaliesProps): VNode {
  const { items } = list;
  return (
    <>
      <p class="lead">
        What was accepted and is worth a look. An anomaly is no error: it says what does not fit together, and what
        would settle it.
      </p>
      <FilterForm
        frame={frame}
        fields={[policyField(items), { name: 'kind', label: 'Kind', words: Object.keys(KINDS) }]}
      />
      {items.length === 0 ? (
        <NoRows list={list} thing="anomaly" otherwise="Nothing looked odd at this point." frame={frame} />
      ) : (
        <RowsTable
          label="Anomalies"
          rows={items}
          columns={[
            { title: 'What is odd', cell: ({ kind }) => KINDS[kind] ?? inWords(kind) },
            { title: 'In detail', cell: ({ detail }) => detail },
            { title: 'Event', cell: ({ event }) => <EventLink event={event} frame={frame} /> },
            { title: 'Policy', cell: (row) => <PolicyLink row={row} frame={frame} /> },
            { title: 'Public since', cell: ({ knownFrom }) => frame.dates.day(knownFrom) },
          ]}
        />
      )}
      <NextPage frame={frame} next={list.next} things="anomalies" />
    </>
  );
}

import type { PolicyEvent } from '../../http/answers.js';
import type { Frame } from '../../pages/page.js';
import { edtfInWords } from '../../words/dates.js';
import { inWords } from '../../words/words.js';
import { EventLink, PolicyLink, textOrErased } from '../parts/references.js';
import type { Column } from '../parts/rows-table.js';

/** The columns of a list of events in the order in which they were recorded. */
export const recordedColumns = (frame: Frame): readonly Column<PolicyEvent>[] => [
  {
    title: 'Event',
    cell: ({ key, summary }) => (
      <EventLink event={key} frame={frame}>
        {textOrErased(summary)}
      </EventLink>
    ),
  },
  { title: 'Type', cell: ({ type }) => inWords(type.replaceAll('.', ' ')) },
  { title: 'Policy', cell: (event) => <PolicyLink row={event} frame={frame} /> },
  { title: 'Happened', cell: ({ occurred }) => edtfInWords(occurred) },
  { title: 'Public since', cell: ({ knownFrom }) => frame.dates.day(knownFrom) },
  { title: 'Recorded', cell: (event) => `@${event.position}, ${frame.dates.moment(event.recordedAt)}` },
];

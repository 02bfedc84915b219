/** A message of a stream of Server-Sent Events, as its lines say it. */
export interface SentEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

const LINE_END = /\r\n|\r|\n/;

/**
 * The messages in pieces of text (HTML, section 9.2.6: the event stream). One that has no data is none, and what is not
 * ended by an empty line is left out. The package eventsource-parser publishes its sources in a way that the conditions
 * of this repository pick them up, and cannot be compiled here.
 */
export async function* readEventStream(pieces: AsyncIterable<string>): AsyncGenerator<SentEvent> {
  let rest = '';
  let fields = NOTHING;
  for await (const piece of pieces) {
    const text = rest + piece;
    // A carriage return at the end may be half of a line end.
    const whole = text.endsWith('\r') ? text.slice(0, -1) : text;
    const lines = whole.split(LINE_END);
    rest = `${lines.pop() ?? ''}${text.slice(whole.length)}`;
    for (const line of lines) {
      if (line !== '') fields = readField(fields, line);
      else {
        const { id, event = 'message', data } = fields;
        if (data.length > 0) yield { id, event, data: data.join('\n') };
        fields = NOTHING;
      }
    }
  }
}

interface Fields {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: readonly string[];
}

const NOTHING: Fields = { id: undefined, event: undefined, data: [] };

function readField(fields: Fields, line: string): Fields {
  const colon = line.indexOf(':');
  const name = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
  switch (name) {
    case 'id':
      return { ...fields, id: value };
    case 'event':
      return { ...fields, event: value };
    case 'data':
      return { ...fields, data: [...fields.data, value] };
    default:
      return fields;
  }
}

import { expect, it } from '@jest/globals';
import { type SentEvent, readEventStream } from './event-stream.js';

async function* inPieces(text: string, length: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += length) yield text.slice(at, at + length);
}

async function read(text: string, length: number): Promise<readonly SentEvent[]> {
  const messages: SentEvent[] = [];
  for await (const message of readEventStream(inPieces(text, length))) messages.push(message);
  return messages;
}

it.each([1, 2, 3, 7, 1_000])('reads the same messages in pieces of %i characters', async (length) => {
  const text =
    ': ping\n\nid: 1\nevent: event\ndata: {"a":\ndata: 1}\n\nretry: 1000\n\ndata:x\r\n\r\nid: 2\rdata\r\rid: 3\ndata: cut';
  expect(await read(text, length)).toEqual([
    { id: '1', event: 'event', data: '{"a":\n1}' },
    { id: undefined, event: 'message', data: 'x' },
    { id: '2', event: 'message', data: '' },
  ]);
});

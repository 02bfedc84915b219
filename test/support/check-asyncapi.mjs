// Reads an AsyncAPI document from standard input; writes what the official parser says about it, as JSON.
import { text } from 'node:stream/consumers';
import { Parser } from '@asyncapi/parser';

const { document, diagnostics } = await new Parser().parse(await text(process.stdin));
const answer = {
  version: document?.version(),
  addresses: document
    ?.channels()
    .all()
    .map((channel) => channel.address()),
  messages: document
    ?.messages()
    .all()
    .map((message) => message.id()),
  problems: diagnostics.map(({ code, message, path, severity }) => ({ code, message, path: path.join('/'), severity })),
};
process.stdout.write(JSON.stringify(answer));

import { Readable } from 'node:stream';
import { Body, Controller, HttpCode, Inject } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { eventTypes } from '#domain';
import { type ImportLine, ImportTooLargeError } from '#recording';
import { principalIdOf } from '../http/access/access.js';
import { CheckedRequest, type CheckedRequestOf } from '../http/request/checked-request.js';
import { NDJSON, unsupportedBodyRefusal } from '../http/request/media-types.js';
import { switchParameter } from '../http/request/parameters.js';
import { Refusal } from '../http/problems/refusal.js';
import { IMPORTS_AT_ONCE, ImportPlaces } from '../answers/import-places.js';
import { Metrics } from '../health/metrics.js';
import { mistake } from '../answers/mistakes.js';
import { Route } from '../openapi/route.js';
import { IMPORT, type ImportEvents } from '../tokens.js';

const query = z.object({
  dryRun: switchParameter('Check everything and record nothing.'),
  atomic: switchParameter('Record all lines or none.'),
});

const importedLine = z
  .object({
    line: z.int().meta({ description: 'Number of the line, from 1 on.' }),
    result: z.enum(['recorded', 'repeated', 'rejected', 'not-recorded']),
    key: z.string().optional(),
    position: z.int().optional(),
    errors: z.array(mistake).optional(),
  })
  .meta({ id: 'ImportedLine', description: 'The result of one line.' });

const importSummary = z
  .object({
    summary: z.object({ lines: z.int(), recorded: z.int(), repeated: z.int(), rejected: z.int(), dryRun: z.boolean() }),
  })
  .meta({ id: 'ImportSummary', description: 'The last line: the totals.' });

const answer = z.union([importedLine, importSummary]);

const importExample = [
  { policy: { slug: 'harbour-toll', title: 'Harbour toll', kind: 'scheme', jurisdiction: 'GB' } },
  eventTypes.get('policy.announced')?.example,
]
  .map((line) => JSON.stringify(line))
  .join('\n');

/** The import of many policies and events in one request. */
@Controller()
export class ImportsController {
  constructor(
    @Inject(IMPORT) private readonly importEvents: ImportEvents,
    private readonly metrics: Metrics,
  ) {}

  private readonly places = new ImportPlaces();

  @HttpCode(200)
  @Route('POST', '/v1/imports', {
    role: 'recorder',
    summary: 'Import policies and events',
    description:
      'One policy (`{"policy": {…}}`) or event body per line. The answer has one line for each, in order, and a summary as the last line. Links may point to later lines.',
    query,
    body: { type: NDJSON, schema: z.string().meta({ examples: [importExample] }) },
    answers: [
      {
        status: 200,
        description: 'The result of each line, also if lines were rejected.',
        schema: answer,
        type: NDJSON,
      },
    ],
    refusals: ['busy', 'too-many-imports'],
  })
  async import(
    @CheckedRequest(query) { query: asked, request, reply }: CheckedRequestOf<typeof query>,
    @Body() body: unknown,
  ): Promise<Readable> {
    const bytes = bytesOf(request, body);
    const leave = this.places.take();
    if (!leave) throw noPlace();
    const gone = new AbortController();
    const lines = this.importEvents(bytes, { ...asked, by: principalIdOf(request), signal: gone.signal })[
      Symbol.asyncIterator
    ]();
    reply.raw.once('close', () => {
      gone.abort();
      leave();
      // An answer that was never started would leave its temporary file open.
      lines.return?.().catch(() => undefined);
    });
    // A failure before the first line can still be answered as a problem.
    const first = await lines.next().catch((error: unknown) => {
      if (request.raw.socket.destroyed) throw hungUp();
      throw error instanceof ImportTooLargeError ? new Refusal('body-too-large', { detail: error.message }) : error;
    });
    reply.type(NDJSON);
    return Readable.from(this.writeLines(first, lines), { objectMode: false });
  }

  private async *writeLines(
    first: IteratorResult<ImportLine>,
    lines: AsyncIterator<ImportLine>,
  ): AsyncGenerator<string> {
    try {
      for (let next = first; !next.done; next = await lines.next()) {
        if ('summary' in next.value) this.count(next.value.summary);
        yield `${JSON.stringify(next.value)}\n`;
      }
    } finally {
      await lines.return?.();
    }
  }

  private count({ recorded, repeated, rejected, dryRun }: Extract<ImportLine, { summary: unknown }>['summary']): void {
    if (dryRun) return;
    this.metrics.countWrites('recorded', recorded);
    this.metrics.countWrites('repeated', repeated);
    this.metrics.countWrites('rejected', rejected);
  }
}

const RETRY_AFTER_S = '5';

const noPlace = (): Refusal =>
  new Refusal('too-many-imports', {
    detail: `${IMPORTS_AT_ONCE} imports are already running. Send it again when one of them has finished.`,
    headers: { 'retry-after': RETRY_AFTER_S },
  });

/** Never read by the client, but it shows that the failure was not the server's. */
const hungUp = (): Refusal =>
  new Refusal('malformed-request', {
    detail: 'The connection was closed before the import was complete. Send it again to complete it.',
  });

/** The bytes to import. An empty body never reaches the body parsers: it has no lines. */
function bytesOf(request: FastifyRequest, body: unknown): Readable {
  if (body instanceof Readable) return body;
  if (request.headers['content-type']?.startsWith(NDJSON)) return Readable.from([]);
  throw unsupportedBodyRefusal(request);
}

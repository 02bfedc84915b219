import { Controller, Inject } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { PoliciesAt } from '#projections';
import { type PackagedFile, type TidyTable, dataPackageOf, isFirstAtPath, tablesOfOneCoordinate } from '#tables';
import { ReadResponder } from '../answers/read-responder.js';
import { probeItself } from '../http/ask-itself.js';
import { CheckedRequest, type CheckedRequestOf } from '../http/request/checked-request.js';
import { choiceParameter, readParameters } from '../http/request/parameters.js';
import { Refusal } from '../http/problems/refusal.js';
import { refusals } from '../http/problems/refusals.js';
import type { AbsoluteUrl } from '../http/response/absolute-url.js';
import { entityTag } from '../http/response/entity-tags.js';
import { type ShownCoordinate, coordinateAnswer } from '../http/response/frame.js';
import { pinningParameters } from '../http/response/permalinks.js';
import { Route } from '../openapi/route.js';
import { ABSOLUTE_URL, IDENTITY, type Identity } from '../tokens.js';
import { type FileFormat, MEDIA_TYPES } from './formats.js';

const query = z.object({
  ...readParameters,
  format: choiceParameter(['csv', 'ndjson', 'parquet'], 'The form of the files.'),
});

const resource = z.object({
  name: z.string().meta({ description: 'Name of the table.' }),
  title: z.string(),
  description: z.string(),
  path: z.url().meta({ description: 'Where the file is; it stays the same there.' }),
  format: z.enum(['csv', 'ndjson', 'parquet']),
  mediatype: z.string(),
  bytes: z.int(),
  hash: z.string().meta({ description: '`sha256:` and the digest of the file in hexadecimal digits.' }),
  schema: z
    .object({ fields: z.array(z.object({ name: z.string(), type: z.string(), description: z.string() })) })
    .meta({ description: 'Table Schema: the columns in their order.' }),
});

const answer = z
  .object({
    $schema: z.url(),
    name: z.string(),
    title: z.string(),
    homepage: z.url(),
    coordinate: coordinateAnswer,
    permalink: z.url().meta({ description: 'The address of the same description for ever.' }),
    contributors: z
      .array(z.object({ title: z.string(), roles: z.array(z.string()) }))
      .optional()
      .meta({ description: 'The publisher, if one is stated.' }),
    licenses: z
      .array(z.object({ path: z.string().optional(), name: z.string().optional() }))
      .optional()
      .meta({ description: 'The licence, if one is stated.' }),
    resources: z.array(resource),
  })
  .meta({ id: 'DataPackage', description: 'All tables at one coordinate, as files (Data Package, version 2).' });

const NO_ROOM = refusals['no-room-for-export'].status;

/** The tables at a coordinate as a Data Package. */
@Controller()
export class DataPackageController {
  constructor(
    private readonly reads: ReadResponder,
    @Inject(IDENTITY) private readonly identity: Identity,
    @Inject(ABSOLUTE_URL) private readonly absoluteUrl: AbsoluteUrl,
  ) {}

  @Route('GET', '/v1/datapackage.json', {
    role: 'reader',
    summary: 'All tables as a Data Package',
    description: 'The files are made for this answer, so that it can say their lengths and digests.',
    query,
    answers: [{ status: 200, description: 'The description of the files.', schema: answer }],
  })
  async describe(@CheckedRequest(query) asked: CheckedRequestOf<typeof query>) {
    const { request, reply } = asked;
    const found = await this.reads.answer(asked, (at) => new PoliciesAt({ at, page: { limit: 1 }, filter: {} }));
    if (found === undefined) return undefined;
    const { coordinate, permalink } = found;
    const files = await this.filesAt(asked, coordinate);
    const description = dataPackageOf({
      files,
      coordinate,
      homepage: this.absoluteUrl(request, '/'),
      permalink: this.absoluteUrl(request, permalink),
      ...this.identity,
    });
    // It depends on all files, and on what is said of itself.
    reply.header('etag', entityTag(JSON.stringify(description)));
    return description;
  }

  /** The files, made one after the other: others may want theirs meanwhile. */
  private async filesAt(
    { request, query: { format } }: CheckedRequestOf<typeof query>,
    coordinate: ShownCoordinate,
  ): Promise<readonly PackagedFile[]> {
    const files: PackagedFile[] = [];
    for (const table of tablesOfOneCoordinate) {
      const address = addressOf(table, format, coordinate);
      const { bytes, sha256 } = await measure(request, address);
      const path = this.absoluteUrl(request, address);
      files.push({ table, path, format, mediaType: MEDIA_TYPES[format], bytes, sha256 });
    }
    return files;
  }
}

/** The address at which the file of a table stays. */
function addressOf(table: TidyTable, format: FileFormat, coordinate: ShownCoordinate): string {
  const { path, name } = table;
  return `${path}.${format}?${pinningParameters(coordinate)}${isFirstAtPath(table) ? '' : `&table=${name}`}`;
}

/** Length and digest of the file at an address, which is made if it is not there. */
async function measure(
  request: FastifyRequest,
  address: string,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const { status, headers } = await probeItself(request, address);
  if (status !== 200)
    throw new Refusal(status === NO_ROOM ? 'no-room-for-export' : 'took-too-long', {
      detail: `The file at ${address} could not be made; asked for alone, it says why. Ask for less: single tables, or other forms.`,
      headers: { 'retry-after': '60' },
    });
  const [, digest = ''] = /^sha-256=:([^:]+):$/.exec(String(headers['repr-digest'])) ?? [];
  return { bytes: Number(headers['content-length']), sha256: Buffer.from(digest, 'base64').toString('hex') };
}

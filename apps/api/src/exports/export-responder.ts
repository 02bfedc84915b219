import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Audit } from '#audit';
import type { ResolvedCoordinate } from '#projections';
import {
  type CsvOptions,
  type DayOf,
  type Exporter,
  type Item,
  type TableRow,
  type TidyTable,
  csvExporter,
  csvwOf,
  daysIn,
  exportNdjson,
  exportParquet,
} from '#tables';
import type { Freshness } from '../http/freshness.js';
import { entityTag, markOfNow } from '../http/response/entity-tags.js';
import type { AbsoluteUrl } from '../http/response/absolute-url.js';
import { showCoordinate } from '../http/response/permalinks.js';
import { Refusal } from '../http/problems/refusal.js';
import type { Calendar, Identity } from '../tokens.js';
import { fileAddress } from './export-addresses.js';
import { sendSpooled } from './file-answer.js';
import { type FileFormat, type TableFormat, MEDIA_TYPES } from './formats.js';
import { type ExportSpool, SpoolFullError, type SpooledFile } from './spool.js';

/** Items of a list, some at a time, in order. */
export type ItemPages = () => AsyncIterable<readonly Item[]>;

/** A file that follows from a table, an address at which it stays the same, and nothing else. */
export interface FileOfTable {
  readonly table: TidyTable;
  readonly format: FileFormat;
  /** With all times. */
  readonly address: string;
  readonly at: ResolvedCoordinate;
  readonly csv: CsvOptions;
  readonly pages: ItemPages;
}

/** A request for such a file. */
interface FileRequest extends FileOfTable {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** The name under which it is saved. */
  readonly name: string;
  /** True if the request itself gives all times. */
  readonly isPinned: boolean;
}

/** How long a file waits for the entries on which it depends to be signed, so that it can name the root of the log. */
const SIGNED_LIMIT_MS = 5_000;

/** What exports need. */
export interface ExportParts {
  readonly freshness: Pick<Freshness, 'restatedAt'>;
  readonly spool: ExportSpool;
  readonly audit: Audit;
  readonly calendar: Calendar;
  readonly identity: Identity;
  readonly absoluteUrl: AbsoluteUrl;
}

/** Answers tables as files: made once, in one pass over the rows, and then sent as files are. */
export class ExportResponder {
  readonly #dayOf: DayOf;

  constructor(private readonly needs: ExportParts) {
    this.#dayOf = daysIn(needs.calendar.zone);
  }

  /** The time and the zone of the service. */
  get calendar(): Calendar {
    return this.needs.calendar;
  }

  /** The days of instants in the zone of the service. */
  get dayOf(): DayOf {
    return this.#dayOf;
  }

  /** An address of the service as an absolute URL, as it reaches the sender of a request. */
  urlOf(request: FastifyRequest, address: string): string {
    return this.needs.absoluteUrl(request, address);
  }

  /** Answers a file; undefined when the reply is complete without a body. */
  async send(asked: FileRequest): Promise<Readable | undefined> {
    const { request, reply, format, address, isPinned } = asked;
    const pinned = this.needs.absoluteUrl(request, address);
    // A file must not change between two of its parts, which are all that readers of Parquet ask for.
    if (format === 'parquet' && !isPinned) {
      reply.code(302).headers({ location: pinned, 'cache-control': 'no-cache' });
      return undefined;
    }
    const file = await this.make(asked);
    reply.headers({
      'content-type': MEDIA_TYPES[format] + (format === 'parquet' ? '' : '; charset=utf-8'),
      'content-disposition': `attachment; filename="${asked.name}"`,
      ...this.#linksOf(request, format),
      ...(isPinned ? {} : { 'content-location': pinned }),
    });
    return sendSpooled(asked, file, { isPinned });
  }

  /** Describes the CSV file of a request. */
  describe({ request, reply }: Pick<FileRequest, 'request' | 'reply'>, table: TidyTable): Readable {
    const url = this.needs.absoluteUrl(request, fileAddress(request.url, 'csv'));
    const text = JSON.stringify(csvwOf(table, url, this.needs.identity));
    reply.headers({ 'content-type': MEDIA_TYPES['csv-metadata.json'], 'content-length': Buffer.byteLength(text) });
    markOfNow(reply, entityTag(text));
    return Readable.from([Buffer.from(text)]);
  }

  /** The file of a table, as it is kept or made now. */
  async make(file: FileOfTable): Promise<SpooledFile> {
    const { address, format } = file;
    const { restatedAt } = this.needs.freshness;
    // What its address does not say: which rules and texts there were, how its days are named, what it says of itself.
    const { version, publisher, licence } = this.needs.identity;
    const key = JSON.stringify([address, format, restatedAt, this.needs.calendar.zone, version, publisher, licence]);
    try {
      return await this.needs.spool.file(key, () => this.#piecesOf(file));
    } catch (error) {
      if (!(error instanceof SpoolFullError)) throw error;
      throw new Refusal('no-room-for-export', {
        detail: `${error.message} Try again later, or ask for less: one policy, one field, fewer columns, or pages in JSON.`,
        headers: { 'retry-after': '60' },
      });
    }
  }

  async *#piecesOf(file: FileOfTable): AsyncGenerator<Uint8Array> {
    const { table, format, pages, csv } = file;
    const metadata = format === 'parquet' ? await this.#metadataOf(file) : {};
    yield* exporterOf(format, csv)({ table, batches: rowsOf(table, pages, this.#dayOf), metadata });
  }

  async #metadataOf({ table, address, at }: FileOfTable): Promise<Readonly<Record<string, string>>> {
    const { publisher, licence } = this.needs.identity;
    const { recordedAt, knownAt, validAt } = showCoordinate(at);
    const root = await this.#rootOf(at.recorded);
    return {
      title: table.title,
      description: table.description,
      permalink: address,
      recordedAt: `@${recordedAt.position}`,
      knownAt,
      validAt,
      ...(root === undefined ? {} : { root, size: String(at.recorded) }),
      ...(publisher === undefined ? {} : { publisher }),
      licence: licence ?? 'no licence stated',
    };
  }

  /** The root of the log up to a position, once it is signed, in base64. */
  async #rootOf(recorded: number): Promise<string | undefined> {
    await this.needs.audit.record.waitForSize(recorded, SIGNED_LIMIT_MS);
    const proof = await this.needs.audit.record.consistency(recorded, recorded);
    return proof.outcome === 'proven' ? Buffer.from(proof.answer.toRoot).toString('base64') : undefined;
  }

  #linksOf(request: FastifyRequest, format: TableFormat): { readonly link?: string } {
    const { licence } = this.needs.identity;
    const description = this.needs.absoluteUrl(request, fileAddress(request.url, 'csv-metadata.json'));
    const links = [
      ...(format === 'csv' ? [`<${description}>; rel="describedby"; type="${MEDIA_TYPES['csv-metadata.json']}"`] : []),
      ...(licence !== undefined && URL.canParse(licence) ? [`<${licence}>; rel="license"`] : []),
    ];
    return links.length === 0 ? {} : { link: links.join(', ') };
  }
}

function exporterOf(format: FileFormat, csv: CsvOptions): Exporter {
  if (format === 'parquet') return exportParquet;
  return format === 'csv' ? csvExporter(csv) : exportNdjson;
}

async function* rowsOf(table: TidyTable, pages: ItemPages, dayOf: DayOf): AsyncGenerator<readonly TableRow[]> {
  for await (const items of pages()) yield items.flatMap((item) => table.rowsOf(item, dayOf));
}

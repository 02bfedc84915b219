import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { type Query, QueryBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { type Position, endOfDay, startOfDay } from '#domain';
import {
  type Answered,
  type Between,
  type CoordinateRequest,
  type EventTimes,
  type LeftOut,
  READ_MODELS_VERSION,
  type ReadOutcome,
  type ResolvedCoordinate,
} from '#projections';
import { FOLD_VERSION } from '#temporal';
import type { Item, TableCell } from '#tables';
import { ExportResponder } from '../exports/export-responder.js';
import { type FileKind, fileAddress, fileName, fileStem, pinAddress } from '../exports/export-addresses.js';
import type { TableFormat } from '../exports/formats.js';
import { type AskPage, type CompleteItems, itemPages, pinnedRequest } from '../exports/item-pages.js';
import { withSlug } from '../http/request/addresses.js';
import { type GivenCoordinate, type GivenRecord, coordinateRequest } from '../http/request/coordinates.js';
import { type Cursor, writeCursor } from '../http/request/cursors.js';
import { type GivenTimes, eventTimesIn } from '../http/request/event-times.js';
import { entityTag, markOfNow, markPinned, markPrivate, tagKept, weakTag } from '../http/response/entity-tags.js';
import type { Framed, FramedDifference } from '../http/response/frame.js';
import { Freshness } from '../http/freshness.js';
import type { listParameters, readParameters, tableParameters } from '../http/request/parameters.js';
import {
  nextPageOf,
  permalinkOf,
  pinningParameters,
  showCoordinate,
  withParameter,
} from '../http/response/permalinks.js';
import { askedFormat, askedTable, inColumns } from './asked-table.js';
import { type ShownEvents, addHidden } from './hidden-events.js';
import { withStatusEvents } from './status-events.js';
import { readRefusal } from '../http/problems/read-refusals.js';
import type { Calendar } from '../tokens.js';

/** The name of the policy in the address of a request about a single policy. */
function policyIn({ params }: FastifyRequest): string | undefined {
  return typeof params === 'object' && params !== null && 'slug' in params ? String(params.slug) : undefined;
}

/** A request, with the reply that carries its answer. */
interface RequestOf {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly query: { readonly atLeast?: Position | undefined; readonly without?: readonly LeftOut[] | undefined };
  readonly namesRecorders?: boolean;
}

/** A request for one answer at a coordinate. */
export interface ReadRequest<Parameters extends z.ZodRawShape = typeof readParameters> {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly query: z.output<z.ZodObject<Parameters>> & Pick<RequestOf['query'], 'without'>;
  /** The answer says who recorded events, so it is not everybody's. */
  readonly namesRecorders?: boolean;
  /** Parameters that follow from which times were given: addresses that give all of them, or a cursor, name these. */
  readonly implied?: Readonly<Record<string, string>>;
}

/** A request for a comparison of two coordinates. */
export interface DifferenceRequest extends RequestOf {
  readonly from: GivenCoordinate;
  readonly to: GivenCoordinate;
}

/** The two coordinates of a comparison. */
export interface DifferenceSides {
  readonly from: CoordinateRequest;
  readonly to: CoordinateRequest;
}

/** A request for a list. */
type ListRequest = ReadRequest<Omit<typeof listParameters, 'shape'>>;

/** A row as an object, with a field for each column. */
type TableObject = Readonly<Record<string, TableCell>>;

interface ShownList<Listed> extends Framed {
  readonly items: readonly Listed[];
  readonly next: string | null;
  /** Names similar to a requested one that no row has; only in an empty list. */
  readonly near?: readonly string[];
}

/** Answers reads for the controllers: queries the read models, and handles freshness, refusals, coordinates and caching. */
@Injectable()
export class ReadResponder {
  constructor(
    private readonly queries: QueryBus,
    private readonly freshness: Freshness,
    private readonly exports: ExportResponder,
  ) {}

  private get calendar(): Calendar {
    return this.exports.calendar;
  }

  /** Answers one document; undefined when the reply is complete without a body. */
  async answer<Answer extends object>(
    asked: ReadRequest,
    ask: (at: CoordinateRequest) => Query<ReadOutcome<Answer>>,
  ): Promise<(Answer & Framed) | undefined> {
    const answered = await this.execute(asked, this.planOf(asked.query, ask));
    return answered && { ...answered.answer, ...this.frameOf(asked, answered) };
  }

  /** Answers one page of a list, or all of it as a file; undefined when the reply is complete without a body. */
  async list<Listed extends Item>(
    asked: ListRequest,
    ask: AskPage<Listed>,
  ): Promise<ShownList<Listed | TableObject> | Readable | undefined> {
    const format = askedFormat(asked.request, asked.query);
    if (format !== 'json') return this.file(asked, { format, ask, complete: (items) => Promise.resolve(items) });
    const list = await this.page(asked, ask);
    return list && this.inAskedColumns(asked, list, list.items);
  }

  /** The same for policies, each item an answer of its own with its own permalink. */
  async states<State extends Item & { readonly policy: string }>(
    asked: ListRequest,
    ask: AskPage<State>,
  ): Promise<ShownList<(State & Framed) | TableObject> | Readable | undefined> {
    const format = askedFormat(asked.request, asked.query);
    const { without } = asked.query;
    const complete = (items: readonly State[], at: CoordinateRequest): Promise<readonly Item[]> =>
      withStatusEvents(this.queries, items, { at, without });
    if (format !== 'json') return this.file(asked, { format, ask, complete });
    const list = await this.page(asked, ask);
    if (list === undefined) return undefined;
    const { coordinate, meta } = list;
    const pinned = pinningParameters(coordinate);
    const leftOut = without === undefined ? '' : `&without=${encodeURIComponent(writeLeftOut(without))}`;
    const items = list.items.map((state) => ({
      ...state,
      coordinate,
      ...this.linksTo(`/v1/policies/${state.policy}?${pinned}${leftOut}`, asked),
      meta,
      ...markOfHypothesis(asked),
    }));
    const rows = asked.query.columns === undefined ? list.items : await complete(list.items, pinnedRequest(list.at));
    return this.inAskedColumns(asked, { ...list, items }, rows);
  }

  private async page<Listed>(
    asked: ListRequest,
    ask: AskPage<Listed>,
  ): Promise<(ShownList<Listed> & { readonly at: ResolvedCoordinate }) | undefined> {
    const { cursor, limit } = asked.query;
    const page = { limit, ...(cursor === undefined ? {} : { after: cursor.after }) };
    const answered = await this.execute(
      asked,
      this.planOf(asked.query, (at) => ask(at, page)),
    );
    if (answered === undefined) return undefined;
    const { items, after, near } = answered.answer;
    const { recorded, knownAt, validAt } = answered.coordinate;
    const next = after === undefined ? null : writeCursor({ recorded, knownAt, validAt, after });
    if (next !== null) asked.reply.header('link', `<${nextPageOf(addressOf(asked), next)}>; rel="next"`);
    const shown = { items, next, ...(near === undefined ? {} : { near }), ...this.frameOf(asked, answered) };
    return { ...shown, at: answered.coordinate };
  }

  /** A list as its answer shows it: its items, or of these the columns that were asked for. */
  private inAskedColumns<Listed>(
    { request, query }: ListRequest,
    { at: _resolved, ...list }: ShownList<Listed> & { readonly at: ResolvedCoordinate },
    rows: readonly Item[],
  ): ShownList<Listed | TableObject> {
    if (query.columns === undefined) return list;
    return { ...list, items: inColumns(askedTable(request, query), rows, this.exports.dayOf) };
  }

  /** All of a list as a file, at the coordinate of its first item. */
  private async file<Listed extends Item>(
    asked: ListRequest,
    { format, ask, complete }: FilePlan<Listed>,
  ): Promise<Readable | undefined> {
    const { request, reply, query } = asked;
    const table = askedTable(request, query);
    if (format === 'csv-metadata.json') return this.exports.describe(asked, table);
    const first = await this.run(asked, ask(this.coordinate(query), { limit: 1 }));
    if (first === undefined) return undefined;
    const at = first.coordinate;
    return this.exports.send({
      request,
      reply,
      table,
      format,
      at,
      address: pinAddress(fileAddress(addressOf(asked), format), at),
      name: fileName(fileStem(request.url, table.name), at, this.fileKind(format, asked)),
      isPinned: this.pinningOf(query) !== 'none' && at.recorded <= first.position,
      csv: { withMark: query.bom, forExcel: query.excel },
      pages: () => itemPages(this.queries, pinnedRequest(at), { ask, complete }),
    });
  }

  /** True for a request whose answer never changes: it names all three times. */
  isPinned(query: GivenRead): boolean {
    return this.pinningOf(query) !== 'none';
  }

  /** The bounds on times that a request gives, in the zone of the service. */
  timesOf(given: GivenTimes): EventTimes {
    return eventTimesIn(given, this.calendar.zone);
  }

  /** Adds what its coordinate hides to an answer about events, if it is asked for. */
  addHidden<Answer extends Framed>(shown: ShownEvents<Answer>) {
    return addHidden(this.queries, shown);
  }

  /** The same for a list; a file has no place for counts. */
  addHiddenToList<Answer extends Framed>({
    answer,
    ...shown
  }: Omit<ShownEvents<Answer>, 'answer'> & { readonly answer: Answer | Readable | undefined }) {
    return answer instanceof Readable ? Promise.resolve(answer) : addHidden(this.queries, { ...shown, answer });
  }

  private planOf<Answer>(
    query: GivenRead,
    ask: (at: CoordinateRequest) => Query<ReadOutcome<Answer>>,
  ): ReadPlan<Answer, ResolvedCoordinate> {
    return { pinning: [this.pinningOf(query)], query: () => ask(this.coordinate(query)) };
  }

  private fileKind(format: TableFormat, { query: { without } }: Pick<RequestOf, 'query'>): FileKind {
    return { format, zone: this.calendar.zone, isHypothetical: without !== undefined };
  }

  /** Answers a comparison of two coordinates; undefined when the reply is complete without a body. */
  async difference<Answer extends object>(
    asked: DifferenceRequest,
    ask: (sides: DifferenceSides) => Query<ReadOutcome<Answer, Between>>,
  ): Promise<(Answer & FramedDifference) | undefined> {
    const { from, to } = asked;
    const answered = await this.execute(asked, {
      pinning: [this.pinningOf(from), this.pinningOf(to)],
      query: () => ask({ from: this.coordinate(from), to: this.coordinate(to) }),
    });
    if (answered === undefined) return undefined;
    const shown = { from: showCoordinate(answered.coordinate.from), to: showCoordinate(answered.coordinate.to) };
    const pinned = `${pinningParameters(shown.from, 'from.')}&${pinningParameters(shown.to, 'to.')}`;
    return {
      ...shown,
      ...answered.answer,
      ...this.linksTo(permalinkOf(asked.request.url, pinned), asked),
      meta: metaOf(answered),
      ...markOfHypothesis(asked),
    };
  }

  /** Answers a comparison as a file of its changes; undefined when the reply is complete without a body. */
  async differenceFile(
    asked: DifferenceRequest,
    { format, query, ask }: DifferencePlan,
  ): Promise<Readable | undefined> {
    const { request, reply, from, to } = asked;
    const table = askedTable(request, query);
    if (format === 'csv-metadata.json') return this.exports.describe(asked, table);
    const found = await this.run(asked, ask({ from: this.coordinate(from), to: this.coordinate(to) }));
    if (found === undefined) return undefined;
    const { coordinate, answer, position: reached } = found;
    const isPinned = [from, to].every((side) => this.pinningOf(side) !== 'none');
    const [first, last] = [showCoordinate(coordinate.from), showCoordinate(coordinate.to)];
    const pinned = `${pinningParameters(first, 'from.')}&${pinningParameters(last, 'to.')}`;
    return this.exports.send({
      request,
      reply,
      table,
      format,
      at: coordinate.to,
      address: permalinkOf(fileAddress(request.url, format), pinned),
      name: fileName(fileStem(request.url, table.name), coordinate.to, this.fileKind(format, asked)),
      isPinned: isPinned && recordsOf(coordinate).every((recorded) => recorded <= reached),
      csv: { withMark: query.bom, forExcel: query.excel },
      pages: () => Readable.from([answer.changes]),
    });
  }

  private async execute<Answer extends object, At extends ResolvedCoordinate | Between>(
    asked: RequestOf,
    { pinning, query }: ReadPlan<Answer, At>,
  ): Promise<ReadResult<Answer, At> | undefined> {
    const { request, reply } = asked;
    // What names recorders is another answer than what is shown to every reader at the same address.
    const variant = asked.namesRecorders === true ? ['with recorders'] : [];
    const tag = pinning.every((how) => how === 'position') ? this.tagOfPinned(request, ...variant) : undefined;
    const kept = tag === undefined ? undefined : tagKept(request, tag);
    if (kept !== undefined) {
      markPinned(reply.code(304), kept);
      if (asked.namesRecorders === true) markPrivate(reply);
      return undefined;
    }
    const outcome = await this.run(asked, query());
    if (outcome === undefined) return undefined;
    const records = recordsOf(outcome.coordinate);
    // What the read side had not reached yet may still change the answer.
    const isPinned = !pinning.includes('none') && records.every((recorded) => recorded <= outcome.position);
    if (isPinned) markPinned(reply, tag ?? this.tagOfPinned(request, ...records.map(String), ...variant));
    else markOfNow(reply, weakTag(outcome.engine, String(FOLD_VERSION), JSON.stringify(contentOf(outcome.answer))));
    if (asked.namesRecorders === true) markPrivate(reply);
    return { ...outcome, isPinned };
  }

  /** Asks a question once the read models have come far enough; undefined when the reply leads elsewhere. */
  private async run<Answer, At>(
    asked: RequestOf,
    query: Query<ReadOutcome<Answer, At>>,
  ): Promise<Answered<Answer, At> | undefined> {
    await this.freshness.waitUntilCaughtUp(asked.query.atLeast, policyIn(asked.request));
    const outcome = await this.queries.execute(query);
    if (outcome.outcome === 'alias') return redirectToSlug(asked, outcome.slug);
    if (outcome.outcome !== 'answered') throw readRefusal(outcome);
    // The partition behind this answer may have stopped while all others advance.
    if (outcome.position < (asked.query.atLeast ?? 0))
      throw readRefusal({ outcome: 'behind', reached: outcome.position });
    return outcome;
  }

  /**
   * The tag of an answer that depends on its address and on what the address does not say: the rules of the fold, the
   * form of the read models, when they were last restated (a text may have been erased since), and the zone of its dates.
   */
  private tagOfPinned(request: FastifyRequest, ...records: readonly string[]): string {
    const restatedAt = this.freshness.restatedAt;
    return entityTag(
      this.exports.urlOf(request, request.url),
      ...[FOLD_VERSION, READ_MODELS_VERSION, restatedAt].map(String),
      this.calendar.zone,
      ...records,
    );
  }

  private frameOf(asked: Addressed, answered: ReadResult<unknown, ResolvedCoordinate>): Framed {
    const coordinate = showCoordinate(answered.coordinate);
    return {
      coordinate,
      ...this.linksTo(permalinkOf(addressOf(asked), pinningParameters(coordinate)), asked),
      meta: metaOf(answered),
      ...markOfHypothesis(asked),
    };
  }

  private linksTo(permalink: string, { request }: Pick<RequestOf, 'request'>): Pick<Framed, 'permalink' | 'url'> {
    return { permalink, url: this.exports.urlOf(request, permalink) };
  }

  /** Whether the request gives all three times, and if so, how it gives the recorded one. */
  private pinningOf({ cursor, knownAt, validAt, recordedAt, hidden }: GivenRead): Pinning {
    // What is hidden there is counted in the record of today.
    if (hidden === true) return 'none';
    if (cursor !== undefined) return 'position';
    if (knownAt === undefined || validAt === undefined || recordedAt === undefined || this.isToday(recordedAt))
      return 'none';
    return 'position' in recordedAt ? 'position' : 'instant';
  }

  private coordinate({ cursor, hidden: _ofToday, ...given }: GivenRead): CoordinateRequest {
    if (cursor !== undefined)
      return { recordedAt: { position: cursor.recorded }, knownAt: cursor.knownAt, validAt: cursor.validAt };
    const { recordedAt, ...others } = given;
    const isLatest = recordedAt !== undefined && this.isToday(recordedAt);
    return coordinateRequest(isLatest ? others : given, this.calendar.zone);
  }

  /** True for today: the record up to its end is the whole log, and still grows. */
  private isToday(recordedAt: GivenRecord): boolean {
    if (!('day' in recordedAt)) return false;
    const { zone } = this.calendar;
    const now = this.calendar.now();
    return startOfDay(recordedAt.day, zone) <= now && now <= endOfDay(recordedAt.day, zone);
  }
}

interface DifferencePlan {
  readonly format: Exclude<TableFormat, 'json'>;
  readonly query: z.output<z.ZodObject<typeof tableParameters>>;
  readonly ask: (sides: DifferenceSides) => Query<ReadOutcome<{ readonly changes: readonly Item[] }, Between>>;
}

interface FilePlan<Listed> {
  readonly format: Exclude<TableFormat, 'json'>;
  readonly ask: AskPage<Listed>;
  readonly complete: CompleteItems<Listed>;
}

/** How a request gives the recorded time, if it gives all three times. */
type Pinning = 'none' | 'position' | 'instant';

interface GivenRead extends GivenCoordinate {
  readonly cursor?: Cursor | undefined;
  readonly hidden?: boolean | undefined;
}

interface ReadPlan<Answer, At> {
  /** For each coordinate of the request. */
  readonly pinning: readonly Pinning[];
  readonly query: () => Query<ReadOutcome<Answer, At>>;
}

/** An answer, and whether it depends on its address alone. */
type ReadResult<Answer, At> = Answered<Answer, At> & { readonly isPinned: boolean };

type Addressed = Pick<ReadRequest, 'request' | 'implied'> & Pick<RequestOf, 'query'>;

/** What was asked for without something is marked: nothing of the record says so. */
const markOfHypothesis = ({ query: { without } }: Pick<RequestOf, 'query'>): Pick<Framed, 'hypothetical'> =>
  without === undefined ? {} : { hypothetical: true };

const writeLeftOut = (leftOut: readonly LeftOut[]): string => leftOut.map(({ kind, id }) => `${kind}:${id}`).join(',');

const addressOf = ({ request: { url }, implied = {} }: Pick<ReadRequest, 'request' | 'implied'>): string =>
  Object.entries(implied).reduce((address, [name, value]) => withParameter(address, name, value), url);

const metaOf = ({ engine, position, lagMs, isPinned }: ReadResult<unknown, unknown>): Framed['meta'] => ({
  engine,
  fold: FOLD_VERSION,
  ...(isPinned ? {} : { position, lagMs }),
});

/** The content of an answer without `resume`, which moves although nothing happened. */
function contentOf(answer: object): object {
  if ('items' in answer && Array.isArray(answer.items)) return { ...answer, items: answer.items.map(contentOf) };
  return 'resume' in answer ? { ...answer, resume: undefined } : answer;
}

const recordsOf = (at: ResolvedCoordinate | Between): readonly number[] =>
  'from' in at ? [at.from.recorded, at.to.recorded] : [at.recorded];

/** Sends the client from a policy's alias to its slug; the rest of the address stays as it was written. */
export function redirectToSlug({ request, reply }: Pick<RequestOf, 'request' | 'reply'>, slug: string): undefined {
  reply.code(308).header('location', withSlug(request.originalUrl, slug)).header('cache-control', 'no-cache');
}

import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Instant, parseInstant } from '#domain';
import { type Mementos, MementosOf, RecordAt } from '#projections';
import { redirectToSlug } from '../answers/read-responder.js';
import { Freshness } from '../http/freshness.js';
import { readRefusal } from '../http/problems/read-refusals.js';
import { Refusal } from '../http/problems/refusal.js';
import { withoutTimes } from '../http/request/addresses.js';
import type { AbsoluteUrl } from '../http/response/absolute-url.js';
import type { Framed } from '../http/response/frame.js';
import { varyBy } from '../http/response/representation.js';
import { ABSOLUTE_URL } from '../tokens.js';
import { httpDate, parseHttpDate } from './http-dates.js';
import { type Original, mementoLinks, mementoUrl, ownLinks } from './memento-links.js';

/** A request for the state of a policy. */
export interface GateRequest {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Leads from a time to the answer of that time (Memento, RFC 7089): to the pinned address at which it began. */
@Injectable()
export class TimeGate {
  constructor(
    private readonly queries: QueryBus,
    private readonly freshness: Freshness,
    @Inject(ABSOLUTE_URL) private readonly absoluteUrl: AbsoluteUrl,
  ) {}

  /** The policy of a request, by its slug, as the original that mementos are of. */
  originalOf(slug: string, request: FastifyRequest): Original {
    const [, query = ''] = withoutTimes(request.url).split('?');
    return { slug, query, absolute: (address) => this.absoluteUrl(request, address) };
  }

  /** The mementos of a policy; undefined when the reply redirects to its slug. */
  async mementosOf(
    slug: string,
    { request, reply }: GateRequest,
    pick: (beginnings: readonly Instant[]) => readonly number[],
  ): Promise<Mementos | undefined> {
    await this.freshness.waitUntilCaughtUp(undefined, slug);
    const outcome = await this.queries.execute(new MementosOf({ policy: slug, pick }));
    if (outcome.outcome === 'alias') return redirectToSlug({ request, reply }, outcome.slug);
    if (outcome.outcome !== 'answered') throw readRefusal(outcome);
    return outcome.answer;
  }

  /** Answers a request that asks for a time and gives none in its address; false if it does not. */
  async leads(slug: string, { request, reply }: GateRequest): Promise<boolean> {
    const header = request.headers['accept-datetime'];
    if (header === undefined || withoutTimes(request.url) !== request.url) return false;
    const wanted = parseHttpDate(String(header));
    if (wanted === undefined)
      throw new Refusal('invalid-header', {
        detail: `Accept-Datetime must be a date like "Tue, 08 Jul 2025 12:00:00 GMT", always in GMT, not ${JSON.stringify(header)}.`,
      });
    let relations: Relations = { first: 0, last: 0, at: 0 };
    const mementos = await this.mementosOf(slug, { request, reply }, (beginnings) => {
      relations = relationsAt(beginnings, wanted);
      return Object.values(relations);
    });
    if (mementos === undefined) return true;
    const original = this.originalOf(mementos.policy, request);
    const found = mementos.picked.get(relations.at);
    if (found === undefined) throw new Error('A registered policy has a first memento.');
    const { at: _at, ...named } = relations;
    varyBy(reply, 'accept-datetime');
    reply
      .code(302)
      .headers({ location: mementoUrl(original, found), 'cache-control': 'no-cache' })
      .header('link', [...ownLinks(original), ...mementoLinks(original, mementos, named)].join(', '));
    return true;
  }

  /** Adds to an answer what it is of: the original, or a memento of it. */
  async mark({ coordinate }: Framed, slug: string, { request, reply }: GateRequest): Promise<void> {
    const original = this.originalOf(slug, request);
    reply.header('link', ownLinks(original).join(', '));
    if (withoutTimes(request.url) === request.url) varyBy(reply, 'accept-datetime');
    const { recordedAt, knownAt, validAt } = coordinate;
    const at =
      knownAt === validAt && reply.getHeader('cache-control') !== 'no-cache' ? parseInstant(knownAt) : undefined;
    if (at === undefined || recordedAt.at === null || recordedAt.at > knownAt) return;
    const record = await this.queries.execute(new RecordAt({ at }));
    if (record.outcome === 'answered' && record.answer.recorded === recordedAt.position)
      reply.header('memento-datetime', httpDate(at));
  }
}

/** Places of mementos among all: the one at a time, and those that lead on from it. */
interface Relations extends Readonly<Record<string, number>> {
  readonly at: number;
  readonly first: number;
  readonly last: number;
}

/** The memento at a time is the last that began by then: before the first it is the first. */
export function relationsAt(beginnings: readonly Instant[], wanted: Instant): Relations {
  const last = beginnings.length - 1;
  const at = Math.max(
    0,
    beginnings.findLastIndex((beginning) => beginning <= wanted),
  );
  return { at, first: 0, ...(at > 0 ? { prev: at - 1 } : {}), ...(at < last ? { next: at + 1 } : {}), last };
}

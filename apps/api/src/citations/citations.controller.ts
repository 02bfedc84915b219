import { Body, Controller, Inject, Param } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Audit } from '#audit';
import { type Citation, type CitedAnswer, Citations } from '#citations';
import { position } from '#domain';
import { askForEveryReader } from '../http/ask-itself.js';
import { accessOf } from '../http/access/access.js';
import { Refusal } from '../http/problems/refusal.js';
import { prefersHtml } from '../http/request/accept.js';
import { CheckedRequest, type CheckedRequestOf } from '../http/request/checked-request.js';
import { noQuery } from '../http/request/parameters.js';
import { varyBy } from '../http/response/representation.js';
import { Route } from '../openapi/route.js';
import { AUDIT } from '../tokens.js';
import { citableAddress, pageOf } from './citable-address.js';
import { citationAnswer, findCitation, judgedAnswer, showCitation } from './citation-answers.js';
import { CitationRate } from './citation-rate.js';
import { landingPage } from './landing-page.js';
import { readPinnedAnswer } from './pinned-answer.js';
import { CITATION_VIEWS, type CitationViews } from './citation-views.js';
import { detailIn, judge } from './verdict.js';

/** How long a citation waits for the log behind its answer to be signed. */
const SIGNED_LIMIT_MS = 5_000;

const LONGEST_ADDRESS = 4_000;

const JSON_SUFFIX = /\.json$/;

const body = z.strictObject({
  url: z
    .string()
    .min(1)
    .max(LONGEST_ADDRESS)
    .meta({ description: 'A pinned address of this service, below `/v1` or of a page; absolute, or from its `/` on.' }),
});

type Request = CheckedRequestOf<typeof noQuery>;

/** Citations: an answer by its hash, for footnotes that say years later whether they still hold. */
@Controller()
export class CitationsController {
  private readonly rate = new CitationRate();

  constructor(
    private readonly citations: Citations,
    @Inject(AUDIT) private readonly audit: Audit,
    @Inject(CITATION_VIEWS) private readonly viewFor: CitationViews,
  ) {}

  @Route('POST', '/v1/citations', {
    role: 'reader',
    summary: 'Cite the answer at a pinned address',
    description:
      'Any reader may. The same address has the same citation; its references in all formats come with it. `GET /c/{id}` says whether it still holds.',
    query: noQuery,
    body: { type: 'application/json', schema: body },
    answers: [
      { status: 201, description: 'Cited; `Location` has the citation.', schema: citationAnswer },
      { status: 200, description: 'Cited before: the same citation.', schema: citationAnswer },
    ],
    refusals: ['broken-json', 'rejected', 'not-signed', 'too-many-citations'],
  })
  async cite(@CheckedRequest(noQuery) { request, reply }: Request, @Body() given: unknown) {
    this.limit(request);
    const read = body.safeParse(given);
    if (!read.success)
      throw rejected('url', 'Send {"url": "…"}, a pinned address of this service, and nothing else.', 'invalid-value');
    const { citation, isNew } = await this.citations.add(await this.answerAt(read.data.url, request));
    const shown = showCitation(citation, this.viewFor(request));
    reply.code(isNew ? 201 : 200).header('location', shown.citationUrl);
    return shown;
  }

  @Route('GET', '/c/:id', {
    role: 'reader',
    summary: 'A citation, and whether it still holds',
    description:
      'HTML to who prefers it. The answer is asked for again, at its pinned address and of the record of today; events that changed it since are named.',
    query: noQuery,
    answers: [
      { status: 200, description: 'The citation.', schema: judgedAnswer },
      { status: 200, description: 'The citation.', schema: z.string(), type: 'text/html' },
    ],
    refusals: ['unknown-citation'],
  })
  async citation(@Param('id') id: string, @CheckedRequest(noQuery) { request, reply }: Request) {
    const citation = await findCitation(this.citations, id.replace(JSON_SUFFIX, ''));
    const judged = await this.judge(citation, request);
    varyBy(reply, 'accept');
    return prefersHtml(request.headers.accept) && !JSON_SUFFIX.test(id) ? sendHtml(reply, landingPage(judged)) : judged;
  }

  private async judge(citation: Citation, request: FastifyRequest): Promise<z.output<typeof judgedAnswer>> {
    const shown = this.viewFor(request);
    const verdict = await judge(citation, (address) => askForEveryReader(request, address));
    const { size, checkpoint } = await this.audit.record.treeState();
    const now = checkpoint && { size, root: Buffer.from(checkpoint.root).toString('base64') };
    return {
      ...showCitation(citation, shown),
      holds: verdict.holds,
      reproduced: verdict.isReproduced,
      why: verdict.reasons,
      now: {
        answerSha256: verdict.answerSha256,
        fold: verdict.fold,
        url: verdict.today === null ? null : shown.absolute(verdict.today),
      },
      checkpoint: {
        then: { size: citation.size, root: citation.root },
        now: now ?? null,
        proof: now ? shown.absolute(`/v1/audit/proof/consistency?from=${citation.size}&to=${now.size}`) : null,
      },
    };
  }

  /** The answer at the address that is to be cited; throws a refusal where there is none to cite. */
  private async answerAt(url: string, request: FastifyRequest): Promise<CitedAnswer> {
    const { absolute } = this.viewFor(request);
    const asked = citableAddress(url, ownOrigins(absolute(''), request));
    if (!asked.ok) throw rejected('url', `url ${asked.message}.`, 'not-citable');
    const { status, text, location } = await askForEveryReader(request, asked.data);
    if (location !== undefined) return this.answerAt(absolute(location), request);
    if (status >= 500) throw new Refusal('not-caught-up', { detail: detailIn(text), headers: { 'retry-after': '1' } });
    if (status !== 200) throw rejected('url', `url has no answer to cite: ${detailIn(text)}`, 'not-citable');
    const pinned = readPinnedAnswer(text);
    if (!pinned.ok) throw rejected('url', `url ${pinned.message}.`, 'not-citable');
    const address = asked.isPage ? pageOf(pinned.permalink) : pinned.permalink;
    const latest = Math.max(...pinned.answer.points.map(({ recorded }) => recorded));
    return { ...pinned.answer, address, ...(await this.signedFrom(latest)) };
  }

  /** The signed log that has everything up to a position. */
  private async signedFrom(recorded: number): Promise<Pick<CitedAnswer, 'root' | 'size'>> {
    const { size, checkpoint } = await this.audit.record.waitForSize(position(recorded), SIGNED_LIMIT_MS);
    if (checkpoint !== undefined && size >= recorded)
      return { size, root: Buffer.from(checkpoint.root).toString('base64') };
    throw new Refusal('not-signed', {
      detail: `The log is signed up to position ${checkpoint === undefined ? 0 : size}, not ${recorded} yet. Try again; GET /readyz shows the state of the audit.`,
      headers: { 'retry-after': '1' },
    });
  }

  private limit(request: FastifyRequest): void {
    const waitSeconds = accessOf(request).isLocal ? 0 : this.rate.waitSecondsOf(request.ip, Date.now());
    if (waitSeconds === 0) return;
    throw new Refusal('too-many-citations', {
      detail: `You have asked for too many citations in this minute. Try again in ${waitSeconds} s.`,
      headers: { 'retry-after': String(waitSeconds) },
    });
  }
}

/** The origins under which a client knows this service. */
const ownOrigins = (origin: string, { protocol, host }: FastifyRequest): readonly string[] => [
  ...new Set([origin, `${protocol}://${host}`]),
];

function sendHtml(reply: FastifyReply, html: string): string {
  reply.type('text/html; charset=utf-8');
  return html;
}

const rejected = (field: string, message: string, code: string): Refusal =>
  new Refusal('rejected', { detail: message, errors: [{ pointer: `/${field}`, code, message }] });

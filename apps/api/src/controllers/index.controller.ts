import { Controller, Inject } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { asyncApiDocument } from '../asyncapi/document.js';
import { CheckedRequest, type CheckedRequestOf } from '../http/request/checked-request.js';
import { noQuery } from '../http/request/parameters.js';
import { entityTag, markOfNow } from '../http/response/entity-tags.js';
import { Route } from '../openapi/route.js';
import type { OpenApiDocument } from '../openapi/document.js';
import { EVENT_STREAM } from '../live/frames.js';
import type { DocumentPart } from '../openapi/schema-of.js';
import { DOCUMENT } from '../tokens.js';

const JSON_TYPE = 'application/json; charset=utf-8';

const index = z
  .object({ name: z.string(), links: z.array(z.object({ href: z.string(), title: z.string() })) })
  .meta({ id: 'Index' });

/** The index of the addresses, and both documents. */
@Controller()
export class IndexController {
  // Long and constant: each is written and tagged once.
  private readonly openapiDocument = writeOnce(() => this.document());
  private readonly asyncapiDocument = writeOnce(asyncApiDocument);

  constructor(@Inject(DOCUMENT) private readonly document: () => OpenApiDocument) {}

  @Route('GET', '/', {
    role: 'reader',
    summary: 'Index of the addresses',
    query: noQuery,
    answers: [{ status: 200, description: 'Links.', schema: index }],
  })
  index(@CheckedRequest(noQuery) _asked: CheckedRequestOf<typeof noQuery>): z.output<typeof index> {
    const { info, paths } = this.document();
    const links = Object.entries(paths).flatMap(([href, { get }]) =>
      get === undefined ? [] : [{ href: hrefOf(href, get), title: String(get['summary']) }],
    );
    return { name: String(info['title']), links: [...links, { href: '/docs', title: 'Interactive documentation' }] };
  }

  @Route('GET', '/openapi.json', {
    role: 'reader',
    summary: 'This interface as an OpenAPI 3.1 document',
    query: noQuery,
    answers: [{ status: 200, description: 'The document.', schema: z.record(z.string(), z.unknown()) }],
  })
  openapi(@CheckedRequest(noQuery) { reply }: CheckedRequestOf<typeof noQuery>): string {
    return sendDocument(reply, this.openapiDocument());
  }

  @Route('GET', '/asyncapi.json', {
    role: 'reader',
    summary: 'The streams as an AsyncAPI 3 document',
    query: noQuery,
    answers: [{ status: 200, description: 'The document.', schema: z.record(z.string(), z.unknown()) }],
  })
  asyncapi(@CheckedRequest(noQuery) { reply }: CheckedRequestOf<typeof noQuery>): string {
    return sendDocument(reply, this.asyncapiDocument());
  }
}

interface WrittenDocument {
  readonly text: string;
  readonly tag: string;
}

function writeOnce(make: () => object): () => WrittenDocument {
  let written: WrittenDocument | undefined;
  return () => {
    if (written) return written;
    const text = JSON.stringify(make());
    written = { text, tag: entityTag(text) };
    return written;
  };
}

function sendDocument(reply: FastifyReply, { text, tag }: WrittenDocument): string {
  reply.type(JSON_TYPE);
  markOfNow(reply, tag);
  return text;
}

/** A stream never ends, so its link is a template (RFC 6570): a client that follows every link does not hang. */
function hrefOf(path: string, { responses, parameters }: DocumentPart): string {
  if (!JSON.stringify(responses).includes(`"${EVENT_STREAM}"`)) return path;
  const names = z.array(z.object({ name: z.string(), in: z.string() })).parse(parameters);
  return `${path}{?${names
    .filter((each) => each.in === 'query')
    .map(({ name }) => name)
    .join(',')}}`;
}

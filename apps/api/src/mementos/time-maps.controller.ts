import { Controller, Param } from '@nestjs/common';
import { z } from 'zod';
import { type Memento, instantText } from '#projections';
import { type Instant, formatInstant } from '#domain';
import { ALIAS } from '../answers/answers.js';
import { CheckedRequest, type CheckedRequestOf } from '../http/request/checked-request.js';
import { originForm } from '../http/request/addresses.js';
import { invalidParameter } from '../http/request/query-string.js';
import { Route } from '../openapi/route.js';
import { httpDate } from './http-dates.js';
import { LINK_FORMAT, type Original, mementoLink, mementoUrl, originalUrl, timeMapUrl } from './memento-links.js';
import { TimeGate } from './time-gate.js';

/** Mementos on one page of a time map. */
const PAGE_SIZE = 100;

const query = z.object({
  page: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'must be a whole number from 1 on')
    .transform(Number)
    .optional()
    .meta({ description: `Number of the page, from 1 on; each has ${PAGE_SIZE} mementos. A full page never changes.` }),
});

const bounds = z.object({ url: z.string(), from: instantText, until: instantText });

const timeMap = z
  .object({
    policy: z.string(),
    original: z.string().meta({ description: 'Also the time gate.' }),
    count: z.int().meta({ description: 'Mementos on all pages.' }),
    mementos: z.array(z.object({ at: instantText, url: z.string() })).readonly(),
    page: z.int(),
    pages: z.array(bounds).readonly().meta({ description: 'All pages, in order of time.' }),
  })
  .meta({ id: 'TimeMap', description: 'The instants at which the answer about a policy became another.' });

/** Time maps (RFC 7089): which answers about a policy there were. */
@Controller()
export class TimeMapsController {
  constructor(private readonly gate: TimeGate) {}

  @Route('GET', '/v1/policies/:slug/timemap', {
    role: 'reader',
    summary: 'The instants at which the state of a policy became another',
    description:
      'All three times at the same instant. `application/link-format`, or JSON with the suffix `.json`; what the client accepts plays no part.',
    query,
    answers: [
      { status: 200, description: 'One page of mementos.', schema: z.string(), type: LINK_FORMAT },
      { status: 200, description: 'One page of mementos.', schema: timeMap },
      ALIAS,
    ],
    refusals: ['unknown-policy', 'policy-not-yet-recorded', 'policy-withdrawn', 'not-settled', 'not-caught-up'],
  })
  async timeMap(@Param('slug') slug: string, @CheckedRequest(query) asked: CheckedRequestOf<typeof query>) {
    const { page = 1 } = asked.query;
    const first = (page - 1) * PAGE_SIZE;
    let all: readonly Instant[] = [];
    const mementos = await this.gate.mementosOf(slug, asked, (beginnings) => {
      all = beginnings;
      return [...beginnings.keys()].slice(first, first + PAGE_SIZE);
    });
    if (mementos === undefined) return undefined;
    const pages = pagesOf(all);
    if (page > pages.length) throw invalidParameter('page', `There is no page ${page}: the last is ${pages.length}.`);
    const original = { ...this.gate.originalOf(mementos.policy, asked.request), query: '' };
    const map = { original, page, pages, count: mementos.count, mementos: [...mementos.picked.values()] };
    if (/\.json(?:\?|$)/.test(originForm(asked.request.originalUrl))) return jsonOf(map);
    asked.reply.type(LINK_FORMAT);
    return linksOf(map);
  }
}

interface TimeMap {
  readonly original: Original;
  readonly page: number;
  readonly pages: readonly Bounds[];
  readonly count: number;
  readonly mementos: readonly Memento[];
}

/** The first and the last instant of a page. */
interface Bounds {
  readonly from: Instant;
  readonly until: Instant;
}

const pagesOf = (beginnings: readonly Instant[]): readonly Bounds[] =>
  Array.from({ length: Math.ceil(beginnings.length / PAGE_SIZE) }, (_, index) => {
    const page = beginnings.slice(index * PAGE_SIZE, (index + 1) * PAGE_SIZE);
    const [from, until] = [page[0], page.at(-1)];
    if (from === undefined || until === undefined) throw new Error('A page has a first memento.');
    return { from, until };
  });

function jsonOf({ original, page, pages, count, mementos }: TimeMap): z.output<typeof timeMap> {
  const shown = pages.map(({ from, until }, index) => ({
    url: timeMapUrl(original, index + 1, '.json'),
    from: formatInstant(from),
    until: formatInstant(until),
  }));
  return {
    policy: original.slug,
    original: originalUrl(original),
    count,
    mementos: mementos.map((memento) => ({ at: formatInstant(memento.at), url: mementoUrl(original, memento) })),
    page,
    pages: shown,
  };
}

function linksOf({ original, page, pages, mementos }: TimeMap): string {
  const relationsOf = (index: number): string =>
    [
      ...(page === 1 && index === 0 ? ['first'] : []),
      ...(page === pages.length && index === mementos.length - 1 ? ['last'] : []),
      'memento',
    ].join(' ');
  const lines = [
    `<${originalUrl(original)}>; rel="original timegate"`,
    ...pages.map(({ from, until }, index) => {
      const relation = index + 1 === page ? 'self' : 'timemap';
      return `<${timeMapUrl(original, index + 1)}>; rel="${relation}"; type="${LINK_FORMAT}"; from="${httpDate(from)}"; until="${httpDate(until)}"`;
    }),
    ...mementos.map((memento, index) => mementoLink(original, memento, relationsOf(index))),
  ];
  return `${lines.join(',\n')}\n`;
}

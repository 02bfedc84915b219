import { type Address, dataOf, linkWith, readAddress } from './http/address.js';
import type { Ask, Problem, Read, WayOut } from './http/ask.js';
import { type Assets, writeDocument } from './http/document.js';
import { type TypedTimes, readTypedTimes } from './http/forms.js';
import { oembedAddress, oembedAnswer, readOembedRequest } from './http/share/oembed.js';
import { sharedLinks } from './http/share/shared-links.js';
import { type Send, policyRegisteredBy } from './form/sending.js';
import { describePoint } from './http/questions.js';
import { type Frame, type OpenPage, type Page, frameOf, readAbout } from './pages/page.js';
import { postRecord } from './pages/posted-record.js';
import { pageAt } from './pages/registry.js';
import type { PicturedPage } from './pictures/draw-page.js';
import { PICTURE_HEADERS, hasPicture, writePicture } from './pictures/picture.js';
import { Failure, showFailure } from './views/failure.js';
import { GraphicsContext } from './views/plots/graphic.js';
import { GRAPHICS } from './views/plots/graphics.js';
import { PlainShare } from './views/share/plain-share.js';
import { Shell } from './views/shell.js';

/** A request for a page. */
export interface PageRequest {
  /** Path and query. */
  readonly url: string;
  /** Scheme and host under which the reader sees the page. */
  readonly origin: string;
  /** Reads an address of the interface, as the one who asks for the page. */
  readonly ask: Ask;
}

/** The answer to a request for a page: HTML, or an address to go to instead. */
export interface PageAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The page, as the server that mounts it uses it. */
export interface Dashboard {
  /** True if a path is that of a page. */
  answers(path: string): boolean;
  answer(request: PageRequest): Promise<PageAnswer>;
  /** Answers a form that a browser without scripts sent to a page. */
  post(request: FormRequest): Promise<PageAnswer>;
  /** A page with a few words and a link, which needs no answer of the interface. */
  tell(notice: PlainNotice): PageAnswer;
}

/** What a page says that is about nothing in the record. */
export interface PlainNotice {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly link: WayOut;
}

/** A form that was sent to a page. */
export interface FormRequest extends PageRequest {
  /** As the browser writes it: `application/x-www-form-urlencoded`. */
  readonly form: string;
  /** Posts to an address of the interface, as the one who sent the form. */
  readonly send: Send;
}

const OEMBED = '/oembed';

const DATA_SUFFIX = /\.(?:json|csv|ndjson|parquet)$/;
const PICTURE_SUFFIX = /\.svg$/;
const SUFFIX = /\.(?:json|csv|ndjson|parquet|svg)$/;

/** Makes the page; `assets` are the addresses under which the server offers its built files. */
export function createDashboard(assets: Assets): Dashboard {
  return {
    answers: (path) => path === OEMBED || pageAt(readAddress(path).path.replace(SUFFIX, '')) !== undefined,
    answer: (request) => answer(request, assets),
    post: (request) => post(request, assets),
    tell: ({ link, ...said }) => failWithout({ ...said, errors: [], links: [link] }, readAddress(link.href), assets),
  };
}

async function post({ url, origin, ask, form, send }: FormRequest, assets: Assets): Promise<PageAnswer> {
  const address = readAddress(url);
  const about = await readAbout(ask);
  if (!about.ok) return failWithout(about.problem, address, assets);
  const frame = frameOf(about.body, address, origin);
  const today = frame.dates.isoDay(new Date().toISOString());
  const posted = await postRecord(address, { form: new URLSearchParams(form), today, ask, send });
  switch (posted.kind) {
    case 'recorded':
      // Loaded again, the page that is gone to sends nothing once more.
      return redirectTo(receiptAddress(posted.key), 303);
    case 'problem':
      return fail({ problem: posted.problem, page: undefined, frame }, assets);
    case 'open':
      return show(posted.page, frame, { assets, status: posted.isRejected ? 422 : 200 });
  }
}

/** The receipt of a policy is its page. */
function receiptAddress(key: string): string {
  const policy = policyRegisteredBy(key);
  return policy === undefined
    ? `/record?recorded=${encodeURIComponent(key)}`
    : `/policies/${encodeURIComponent(policy)}`;
}

async function answer({ url, origin, ask }: PageRequest, assets: Assets): Promise<PageAnswer> {
  const asked = readAddress(url);
  if (asked.path === OEMBED) return answerOembed(asked, { origin, ask });
  if (DATA_SUFFIX.test(asked.path)) return redirectTo(dataOf(asked));
  const address = { ...asked, path: asked.path.replace(PICTURE_SUFFIX, '') };
  const isPicture = address.path !== asked.path;
  const page = pageAt(address.path);
  const about = await readAbout(ask);
  if (!about.ok) return failWithout(about.problem, address, assets);
  const frame = frameOf(about.body, address, origin);
  const typed = readTypedTimes(asked, frame.dates.isoDay(new Date().toISOString()));
  if (typed.kind === 'redirect') return redirectTo(typed.to);
  if (isPicture && page !== undefined && !hasPicture(page.name))
    return fail({ problem: nothingThere(asked.path), page: undefined, frame }, assets);
  const loaded = await load(page, { address, ask, typed });
  if (isPicture && loaded.ok && loaded.body.isHypothetical)
    return fail({ problem: nothingThere(asked.path), page: undefined, frame }, assets);
  if (isPicture && loaded.ok) return showPicture({ open: loaded.body, frame, ask });
  return loaded.ok
    ? show(loaded.body, frame, { assets, status: 200 })
    : fail({ problem: loaded.problem, page, frame }, assets);
}

interface Asked {
  readonly address: Address;
  readonly ask: Ask;
  readonly typed: Exclude<TypedTimes, { readonly kind: 'redirect' }>;
}

async function load(page: Page | undefined, { address, ask, typed }: Asked): Promise<Read<OpenPage>> {
  if (page === undefined) return { ok: false, problem: nothingThere(address.path) };
  if (typed.kind === 'question') return { ok: false, problem: describePoint(typed, address) };
  return page.load(address, ask);
}

/** Answers how a page is shown within pages of others; pinned, unless its address asks for the newest by `live=true`. */
async function answerOembed(address: Address, { origin, ask }: Omit<PageRequest, 'url'>): Promise<PageAnswer> {
  const request = readOembedRequest(address.parameters, origin);
  if (typeof request === 'number') return oembedRefusal(request);
  const shown = readAddress(request.page);
  const loaded = await pageAt(shown.path)?.load(shown, ask);
  if (loaded === undefined || !loaded.ok || loaded.body.isHypothetical) return oembedRefusal(NOT_FOUND);
  const { title } = loaded.body;
  const live = linkWith({ ...shown, isEmbedded: true }, {});
  const embed = shown.parameters.get('live') === 'true' ? live : (sharedLinks(shown, loaded.body)?.embed ?? live);
  return json(200, oembedAnswer(request, { title, origin, embed }));
}

const NOT_FOUND = 404;

const oembedRefusal = (status: number): PageAnswer =>
  json(status, {
    status,
    title: status === NOT_FOUND ? 'There is no such page here' : 'Only format=json is there',
  });

const json = (status: number, body: object): PageAnswer => ({
  status,
  headers: { 'content-type': `application/${status === 200 ? '' : 'problem+'}json; charset=utf-8` },
  body: JSON.stringify(body),
});

async function showPicture(page: PicturedPage): Promise<PageAnswer> {
  return { status: 200, headers: PICTURE_HEADERS, body: await writePicture(page) };
}

interface Shown {
  readonly assets: Assets;
  readonly status: number;
}

function show(page: OpenPage, frame: Frame, { assets, status }: Shown): PageAnswer {
  const { isEmbedded } = frame.address;
  const body = writeDocument({
    title: `${page.title} · Policy Timeline`,
    content: (
      <GraphicsContext.Provider value={GRAPHICS}>
        <Shell frame={frame} page={page} share={<PlainShare frame={frame} page={page} />}>
          {page.content(frame)}
        </Shell>
      </GraphicsContext.Provider>
    ),
    assets,
    ...(isEmbedded || page.isHypothetical ? {} : { oembed: oembedAddress(frame.linkWith({}), frame.origin) }),
    data: [
      { id: 'about', text: JSON.stringify(frame.about) },
      { id: 'data', text: page.text },
      { id: 'name', text: JSON.stringify(page.name) },
    ],
    ahead: page.ahead(frame.address),
    isEmbedded,
  });
  return html(status, body, isEmbedded);
}

interface Failed {
  readonly problem: Problem;
  readonly page: Page | undefined;
  readonly frame: Frame;
}

function fail({ problem, page, frame }: Failed, assets: Assets): PageAnswer {
  const { isEmbedded } = frame.address;
  const shown = { title: problem.title, coordinate: undefined, permalink: undefined, lagMs: 0 };
  const body = writeDocument({
    title: `${problem.title} · Policy Timeline`,
    content: (
      <Shell frame={frame} page={shown} failure={showFailure(problem, frame.address)}>
        {page?.mend(frame, problem)}
      </Shell>
    ),
    assets,
    data: [],
    isEmbedded,
  });
  return failWith(problem, body, isEmbedded);
}

/** The page where even the frame cannot be made, because the interface does not answer. */
function failWithout(problem: Problem, address: Address, assets: Assets): PageAnswer {
  const content = (
    <main id="content">
      <h1>{problem.title}</h1>
      <Failure problem={problem} address={address} />
    </main>
  );
  return failWith(problem, writeDocument({ title: problem.title, content, assets, data: [], isEmbedded: true }), false);
}

/** A page that says why there is no other; where it is worth asking again, the browser does so without scripts, too. */
function failWith({ status, retryAfterSeconds }: Problem, body: string, isEmbedded: boolean): PageAnswer {
  const answer = html(status, body, isEmbedded);
  if (retryAfterSeconds === undefined) return answer;
  const again = String(retryAfterSeconds);
  return { ...answer, headers: { ...answer.headers, 'retry-after': again, refresh: again } };
}

const nothingThere = (path: string): Problem => ({
  status: 404,
  title: 'There is no such page',
  detail: `There is nothing at ${path}. The first page lists the policies.`,
  errors: [],
});

/** Nothing but the server's own files is run or fetched; only embedded pages may stand in pages of others. */
const policyFor = (isEmbedded: boolean): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${isEmbedded ? '*' : "'self'"}`,
  ].join('; ');

function html(status: number, body: string, isEmbedded: boolean): PageAnswer {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policyFor(isEmbedded),
      // Nothing of an address is told to others; a form that is sent to this server says where it comes from.
      'referrer-policy': 'same-origin',
      ...(status === 200 ? {} : { 'cache-control': 'no-store' }),
    },
    body,
  };
}

const redirectTo = (location: string, status = 302): PageAnswer => ({ status, headers: { location }, body: '' });

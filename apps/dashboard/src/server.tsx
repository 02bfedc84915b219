import { readAddress } from './http/address.js';
import type { Ask, Problem } from './http/ask.js';
import { type Assets, writeDocument } from './http/document.js';
import { readTypedTimes } from './http/forms.js';
import { describePoint } from './http/questions.js';
import { type Frame, type OpenPage, frameOf, readAbout } from './pages/page.js';
import { pageAt } from './pages/registry.js';
import { Failure } from './views/failure.js';
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
}

const DATA_SUFFIX = /\.(?:json|csv|ndjson|parquet)$/;

/** Makes the page; `assets` are the addresses under which the server offers its built files. */
export function createDashboard(assets: Assets): Dashboard {
  return {
    answers: (path) => pageAt(readAddress(path).path.replace(DATA_SUFFIX, '')) !== undefined,
    answer: (request) => answer(request, assets),
  };
}

async function answer({ url, origin, ask }: PageRequest, assets: Assets): Promise<PageAnswer> {
  const address = readAddress(url);
  if (DATA_SUFFIX.test(address.path)) return redirectTo(`/v1${url.replace(/^\/embed(?=\/)/, '')}`);
  const page = pageAt(address.path);
  const about = await readAbout(ask);
  if (!about.ok) return failWithout(about.problem, assets);
  const frame = frameOf(about.body, address, origin);
  const typed = readTypedTimes(address, frame.dates.isoDay(new Date().toISOString()));
  if (typed.kind === 'redirect') return redirectTo(typed.to);
  if (typed.kind === 'question') return fail(describePoint(typed), frame, assets);
  const loaded =
    page === undefined ? { ok: false as const, problem: nothingThere(address.path) } : await page.load(address, ask);
  return loaded.ok ? show(loaded.body, frame, assets) : fail(loaded.problem, frame, assets);
}

function show(page: OpenPage, frame: Frame, assets: Assets): PageAnswer {
  const { isEmbedded } = frame.address;
  const body = writeDocument({
    title: `${page.title} · Policy Timeline`,
    content: (
      <Shell frame={frame} page={page}>
        {page.content(frame)}
      </Shell>
    ),
    assets,
    data: [
      { id: 'about', text: JSON.stringify(frame.about) },
      { id: 'data', text: page.text },
      { id: 'name', text: JSON.stringify(page.name) },
    ],
    isEmbedded,
  });
  return html(200, body, isEmbedded);
}

function fail(problem: Problem, frame: Frame, assets: Assets): PageAnswer {
  const { isEmbedded } = frame.address;
  const page = { title: problem.title, coordinate: undefined, permalink: undefined, lagMs: 0 };
  const body = writeDocument({
    title: `${problem.title} · Policy Timeline`,
    content: (
      <Shell frame={frame} page={page}>
        <Failure problem={problem} />
      </Shell>
    ),
    assets,
    data: [],
    isEmbedded,
  });
  return html(problem.status, body, isEmbedded);
}

/** The page where even the frame cannot be made, because the interface does not answer. */
function failWithout(problem: Problem, assets: Assets): PageAnswer {
  const content = (
    <main id="content">
      <h1>{problem.title}</h1>
      <Failure problem={problem} />
    </main>
  );
  return html(
    problem.status,
    writeDocument({ title: problem.title, content, assets, data: [], isEmbedded: true }),
    false,
  );
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
      ...(status === 200 ? {} : { 'cache-control': 'no-store' }),
    },
    body,
  };
}

const redirectTo = (location: string): PageAnswer => ({ status: 302, headers: { location }, body: '' });

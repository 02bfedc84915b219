import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import staticFiles from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type OwnPost, askItself } from '../http/ask-itself.js';
import { sendProblem } from '../http/problems/problem-filter.js';
import { Refusal } from '../http/problems/refusal.js';
import { JSON_BODY_LIMIT_BYTES } from '../http/request/bodies.js';
import { prefersHtml } from '../http/request/accept.js';
import { type Notice, type SignInRoutesNeeds, serveSignIn } from '../sign-in/sign-in-routes.js';
import { originForm } from '../http/request/addresses.js';
import type { AbsoluteUrl } from '../http/response/absolute-url.js';
import { varyBy } from '../http/response/representation.js';

/** An answer that the page reads: its status and text. */
interface Answer {
  readonly status: number;
  readonly text: string;
  readonly retryAfterSeconds: number | undefined;
}

/** The page as it is built into `dist/dashboard`; it sees nothing but answers of this interface. */
interface Dashboard {
  answers(path: string): boolean;
  answer(request: PageRequest): Promise<PageAnswer>;
  post(request: PageRequest & Posting): Promise<PageAnswer>;
  tell(notice: Notice): PageAnswer;
}

interface PageRequest {
  readonly url: string;
  readonly origin: string;
  readonly ask: (address: string) => Promise<Answer>;
}

interface Posting {
  readonly form: string;
  readonly send: (address: string, body: unknown, headers: OwnPost['headers']) => Promise<Answer>;
}

interface PageAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the built page offers to whoever mounts it. */
interface BuiltDashboard {
  createDashboard(assets: object): Dashboard;
}

/** The parts of the page: those for signing in are there where people can. */
export interface DashboardNeeds extends Partial<Pick<SignInRoutesNeeds, 'signIn' | 'sessions'>> {
  readonly absoluteUrl: AbsoluteUrl;
  readonly logger: SignInRoutesNeeds['logger'];
}

/**
 * Serves the page at the addresses of its data without `/v1`.
 *
 * The page asks this server itself, without a connection, as the client that asked for the page. `GET /` is the page for
 * those who prefer HTML, and the index of links for everybody else. Throws if the page was not built.
 */
export async function serveDashboard(server: FastifyInstance, needs: DashboardNeeds): Promise<void> {
  const { absoluteUrl } = needs;
  const folder = findBuilt();
  const dashboard = await load(folder);
  await server.register(staticFiles, {
    root: join(folder, 'assets'),
    prefix: '/assets/',
    decorateReply: false,
    index: false,
    // Each name has the hash of its content.
    immutable: true,
    maxAge: '365d',
    cacheControl: true,
  });
  server.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return;
    const [path = '/'] = originForm(request.originalUrl).split('?');
    if (path.startsWith('/v1/') || !dashboard.answers(path)) return;
    if (path === '/') varyBy(reply, 'accept');
    if (path === '/' && !prefersHtml(request.headers.accept)) return;
    await sendPage(reply, await dashboard.answer(pageRequest(request, absoluteUrl)));
  });
  await takeForms(server, { dashboard, ...needs });
}

interface Mounted extends DashboardNeeds {
  readonly dashboard: Dashboard;
}

/** Takes forms that browsers without scripts send. Who may write is decided as for every write, before and within. */
async function takeForms(server: FastifyInstance, { dashboard, ...needs }: Mounted): Promise<void> {
  await server.register(async (scope) => {
    scope.setErrorHandler((thrown, request, reply) => {
      if (!(thrown instanceof Refusal)) throw thrown;
      sendProblem(reply, thrown, request.originalUrl);
    });
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: JSON_BODY_LIMIT_BYTES },
      (_request, body, done) => done(null, String(body)),
    );
    scope.post<{ readonly Body: string }>('/record', { config: { role: 'recorder' } }, async (request, reply) => {
      const send: Posting['send'] = (address, body, headers) => askItself(request, address, { body, headers });
      const posting = { ...pageRequest(request, needs.absoluteUrl), form: request.body, send };
      await sendPage(reply, await dashboard.post(posting));
    });
    const { signIn, sessions } = needs;
    if (signIn === undefined || sessions === undefined) return;
    serveSignIn(scope, {
      ...needs,
      signIn,
      sessions,
      show: (reply, notice) => sendPage(reply, dashboard.tell(notice)),
    });
  });
}

const pageRequest = (request: FastifyRequest, absoluteUrl: AbsoluteUrl): PageRequest => ({
  url: originForm(request.originalUrl),
  origin: absoluteUrl(request, ''),
  ask: (address) => askItself(request, address),
});

async function sendPage(reply: FastifyReply, { status, headers, body }: PageAnswer): Promise<void> {
  // The page's own policy says who may frame it; this older header would forbid what that allows.
  reply.removeHeader('x-frame-options');
  await reply.code(status).headers(headers).send(body);
}

async function load(folder: string): Promise<Dashboard> {
  const built: BuiltDashboard = await import(pathToFileURL(join(folder, 'server.js')).href);
  const assets: object = JSON.parse(readFileSync(join(folder, 'assets.json'), 'utf8'));
  return built.createDashboard(assets);
}

/** The folder of the built page: in `dist`, wherever this file runs from. */
function findBuilt(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder);
    if (above === folder) throw new Error('The folder of this project cannot be found.');
    folder = above;
  }
  const built = join(folder, 'dist/dashboard');
  if (!existsSync(join(built, 'server.js')))
    throw new Error(`The page is not built: ${built} is missing. Run npm run build.`);
  return built;
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { checkedFetch } from '../support/http/checked-fetch.js';
import { createTestDatabase } from '../support/databases/database.js';
import { startApplication } from '../../apps/api/src/application.js';
import { createLogger, readConfiguration } from '../../libs/runtime/src/index.js';

/** An answer as a test looks at it. */
export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** One line of an import's answer: about a line, or the summary. */
export interface ImportAnswer {
  readonly line?: number;
  readonly result?: string;
  readonly key?: string;
  readonly position?: number;
  readonly errors?: readonly { readonly pointer: string; readonly code: string; readonly message: string }[];
  readonly summary?: {
    readonly lines: number;
    readonly recorded: number;
    readonly repeated: number;
    readonly rejected: number;
    readonly dryRun: boolean;
  };
}

/** The application over HTTP, on a database of its own. */
export interface TestApplication {
  readonly url: string;
  readonly databaseUrl: string;
  get<Body = unknown>(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer<Body>>;
  post<Body = unknown>(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer<Body>>;
  /** Imports lines of text or values to be written as JSON; answers the answer's lines. */
  importLines(lines: readonly unknown[], query?: string): Promise<readonly ImportAnswer[]>;
  /** Position of the last event recorded. */
  head(): Promise<number>;
  stop(): Promise<void>;
}

const keyFolder = mkdtempSync(join(tmpdir(), 'policy-timeline-keys-'));
process.on('exit', () => rmSync(keyFolder, { recursive: true, force: true }));

/** The key file for the log in a database: a key signs one log alone. */
export const auditKeyOf = (databaseUrl: string): string =>
  join(keyFolder, `${basename(new URL(databaseUrl).pathname)}.key`);

/** Starts the application on a free port. `variables` are those of its environment. */
export async function runApplication(variables: Readonly<Record<string, string>> = {}): Promise<TestApplication> {
  const database = await createTestDatabase();
  const started = await startOn(database.url, variables);
  return {
    ...clientOf(started.url),
    databaseUrl: database.url,
    stop: async () => {
      await started.stop();
      await database.drop();
    },
  };
}

/** Starts the application on a database that is there already; the caller drops it. */
export const startOn = (databaseUrl: string, variables: Readonly<Record<string, string>> = {}) =>
  startWith({ AUDIT_KEY_FILE: auditKeyOf(databaseUrl), DATABASE_URL: databaseUrl, ...variables });

/** Starts the application with these variables of its environment, on a free port and without seeds unless they say so. */
export async function startWith(variables: Readonly<Record<string, string>>) {
  const outcome = readConfiguration({ PORT: '0', SEEDS: '', LOG_LEVEL: 'error', ...variables }, process.cwd());
  if (!outcome.ok) throw new Error(outcome.mistakes.join('\n'));
  const onLoss = (reason: string): void => {
    throw new Error(reason);
  };
  const logger = createLogger(outcome.configuration.logLevel);
  return startApplication(outcome.configuration, { logger, onLoss, stopping: new AbortController().signal });
}

/** What a test says to an application at that address. */
export function clientOf(url: string): Omit<TestApplication, 'databaseUrl' | 'stop'> {
  const get: TestApplication['get'] = async (path, headers = {}) =>
    answerOf(await checkedFetch(path.startsWith(url) ? path : `${url}${path}`, { headers, redirect: 'manual' }));
  return {
    url,
    get,
    post: async (path, body, headers = {}) =>
      answerOf(
        await checkedFetch(`${url}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
        }),
      ),
    importLines: async (lines, query = '') => {
      const body = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
      const response = await checkedFetch(`${url}/v1/imports${query}`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson' },
        body,
      });
      const text = await response.text();
      if (response.status !== 200) throw new Error(text);
      return text
        .trimEnd()
        .split('\n')
        .map((line): ImportAnswer => JSON.parse(line));
    },
    head: async () => {
      const { body } = await get<{ readonly coordinate: { readonly recordedAt: { readonly position: number } } }>(
        '/v1/policies?limit=1',
      );
      return body.coordinate.recordedAt.position;
    },
  };
}

async function answerOf<Body>(response: Response): Promise<Answer<Body>> {
  const text = await response.text();
  const body: Body =
    /[/+]json/.test(response.headers.get('content-type') ?? '') && text !== '' ? JSON.parse(text) : text;
  return { status: response.status, headers: response.headers, body };
}

/** The lines of a file beside these tests, or elsewhere in the project. */
export const parseLines = (path: string): readonly string[] =>
  readFileSync(new URL(path, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '');

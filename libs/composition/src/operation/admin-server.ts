import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { LOCAL_HOSTS, bareHost, explainListening, hostInAddress, isLoopback } from '#runtime';
import type { Opening } from '../open-together.js';

/** What a process answers about itself. */
export interface AdminAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

type Answers = Readonly<Record<string, () => Promise<AdminAnswer>>>;

const CONNECTION_LIMIT = 100;

const json = (status: number, body: object): AdminAnswer => ({
  status,
  type: 'application/json; charset=utf-8',
  text: JSON.stringify(body),
});

/** The port of operators: `/livez`, `/readyz` and `/metrics`, apart from what is public. */
export class AdminServer {
  #answers: Answers = {
    '/livez': async () => json(200, { status: 'ok' }),
    '/readyz': async () => json(503, { status: 'starting' }),
  };

  /** On a loopback address, another name is one that a page of another site was given. */
  readonly #ownHosts: ReadonlySet<string>;

  constructor(host: string) {
    this.#ownHosts = new Set([...LOCAL_HOSTS, hostInAddress(host)]);
  }

  /** Where it listens; absent where there is no such port. */
  url?: string;

  /** The lines that a process prints about it. */
  get lines(): readonly string[] {
    return this.url === undefined ? [] : [`administration: ${this.url}/metrics`];
  }

  /** Answers from now on what the process knows of its health; a fault of `isReady` means that it is not ready. */
  serve({ ready, metrics }: { readonly ready: () => Promise<object>; readonly metrics: Exposition }): void {
    this.serveAnswers({
      '/readyz': async () => json(200, await ready()),
      '/metrics': async () => {
        const { type, text } = await metrics.exposition();
        return { status: 200, type, text };
      },
    });
  }

  /** Answers these addresses from now on. */
  serveAnswers(answers: Answers): void {
    this.#answers = { ...this.#answers, ...answers };
  }

  /** The answer to a request. */
  async answer({ method = '', url = '', headers, socket }: IncomingMessage): Promise<AdminAnswer> {
    if (isLoopback(socket.localAddress) && !this.#ownHosts.has(bareHost(headers.host ?? '')))
      return json(403, { error: 'Ask by a name of this machine.' });
    if (method !== 'GET' && method !== 'HEAD') return json(405, { error: 'Only GET and HEAD are answered here.' });
    const answer = this.#answers[url.replace(/\?.*$/, '')];
    if (answer === undefined) return json(404, { error: 'Here are /livez, /readyz and /metrics.' });
    return answer().catch((error: unknown) => json(503, { error: error instanceof Error ? error.message : 'unknown' }));
  }
}

interface Exposition {
  exposition(): Promise<{ readonly type: string; readonly text: string }>;
}

/**
 * Opens the port of operators where there is to be one, until the process closes: from the beginning of a start, so that
 * a supervisor sees a long one.
 */
export async function openAdminServer({ configuration, closing }: Opening): Promise<AdminServer> {
  const { adminPort, host } = configuration;
  const admin = new AdminServer(host);
  if (adminPort === undefined) return admin;
  const server = createServer((request, response) => void send(admin, request, response));
  server.maxConnections = CONNECTION_LIMIT;
  await explainListening({ host, port: adminPort, variable: 'ADMIN_PORT' }, async () => {
    server.listen(adminPort, host);
    await once(server, 'listening');
  });
  closing.add(async () => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : adminPort;
  admin.url = `http://${hostInAddress(host)}:${port}`;
  return admin;
}

async function send(admin: AdminServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, type, text } = await admin.answer(request);
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(text);
}

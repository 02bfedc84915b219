import type { FastifyInstance } from 'fastify';
import { FRESHNESS_LIMIT_MS } from '../freshness.js';
import { sendProblem } from '../problems/problem-filter.js';
import { Refusal } from '../problems/refusal.js';

/** Keeps requests for data waiting during the start, while nothing can answer them; all others pass. */
export class StartGate {
  #isOpen = true;
  readonly #waiting = new Set<() => void>();

  close(): void {
    this.#isOpen = false;
  }

  open(): void {
    this.#isOpen = true;
    for (const pass of this.#waiting) pass();
  }

  /** Makes requests below `/v1/` wait up to 5 s until the gate opens; then they are refused. */
  guard(server: FastifyInstance): void {
    server.addHook('onRequest', async (request, reply) => {
      if (this.#isOpen || !request.url.startsWith('/v1/')) return;
      await this.#waitUntilOpen();
      if (this.#isOpen) return;
      const refused = new Refusal('starting', {
        detail: 'The service is starting and cannot answer yet. Try again; GET /readyz shows the progress.',
        headers: { 'retry-after': '1' },
      });
      sendProblem(reply, refused, request.originalUrl);
      await reply;
    });
  }

  #waitUntilOpen(): Promise<void> {
    return new Promise((resolve) => {
      const pass = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(pass);
        resolve();
      };
      const timer = setTimeout(pass, FRESHNESS_LIMIT_MS);
      this.#waiting.add(pass);
    });
  }
}

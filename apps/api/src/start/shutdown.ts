import type { FastifyInstance } from 'fastify';

/** How long requests in progress may take to finish once the server stops. */
const FINISH_LIMIT_MS = 4_000;

/** Counts the requests in progress, so that a stop can wait for them. */
export class RequestsUnderWay {
  private count = 0;
  private onNone: (() => void) | undefined;
  private isFinishing = false;

  /** Counts every request from its arrival until its answer is sent or its connection closed. */
  watch(server: FastifyInstance): void {
    server.addHook('onRequest', (_request, reply, done) => {
      this.count += 1;
      if (this.isFinishing) reply.header('connection', 'close');
      reply.raw.once('close', () => {
        this.count -= 1;
        if (this.count === 0) this.onNone?.();
      });
      done();
    });
  }

  /** Accepts no more connections, ends the endless streams, and resolves when no request is left, or after 4 s. */
  async finish(server: FastifyInstance, endEndless: () => void): Promise<void> {
    this.isFinishing = true;
    server.server.close();
    endEndless();
    server.server.closeIdleConnections();
    if (this.count === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.onNone = resolve;
      timer = setTimeout(resolve, FINISH_LIMIT_MS);
    });
    clearTimeout(timer);
  }
}

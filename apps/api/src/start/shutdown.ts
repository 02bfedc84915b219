import type { FastifyInstance } from 'fastify';

/** How long requests under way may take to end once the server stops. */
const FINISH_LIMIT_MS = 4_000;

/** Knows the requests under way, so that a stop can let them end. */
export class RequestsUnderWay {
  private count = 0;
  private onNone: (() => void) | undefined;
  private isFinishing = false;

  /** Counts every request from its arrival until its answer is out or its connection is gone. */
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

  /** Accepts no more connections, ends what has no end of its own, and resolves when no request is left, or after 4 s. */
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

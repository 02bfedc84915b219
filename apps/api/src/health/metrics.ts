import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, Histogram } from 'prom-client';
import { ProcessMetrics } from '#composition';
import { refusalCodeOf } from '../http/problems/problem-filter.js';
import { EVENT_STREAM } from '../live/frames.js';

interface StreamFigures {
  readonly events: number;
  readonly patches: number;
  readonly fallenBehind: number;
}

const DURATION_BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The metrics of this process: those of every process, of requests, writes and streams. */
export class Metrics extends ProcessMetrics {
  private readonly durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: DURATION_BUCKETS_SECONDS,
    registers: [this.registry],
  });
  private readonly writes = new Counter({
    name: 'policy_timeline_writes_total',
    help: 'Write requests and import lines, by result.',
    labelNames: ['outcome'],
    registers: [this.registry],
  });

  private readonly refusals = new Counter({
    name: 'policy_timeline_refusals_total',
    help: 'Requests that were refused, by the code of the problem.',
    labelNames: ['code'],
    registers: [this.registry],
  });

  /** Times every request of the server by its route, and counts why requests are refused. */
  watch(server: FastifyInstance): void {
    server.addHook('onResponse', (request, reply, done) => {
      const code = refusalCodeOf(reply);
      if (code !== undefined) this.refusals.inc({ code });
      // The duration of a stream is not a response time.
      if (reply.raw.getHeader('content-type') === EVENT_STREAM) return done();
      const route = request.routeOptions.url ?? 'none';
      this.durations.labels(request.method, route, String(reply.statusCode)).observe(reply.elapsedTime / 1_000);
      done();
    });
  }

  /** Adds the gauge of the answers that are worked out from many events. */
  readCostlyReads(counts: () => { readonly working: number; readonly waiting: number }): void {
    new Gauge({
      name: 'policy_timeline_costly_reads',
      help: 'Reads that are worked out anew from many events: working, and waiting for their turn.',
      labelNames: ['state'],
      registers: [this.registry],
      collect() {
        const { working, waiting } = counts();
        this.set({ state: 'working' }, working);
        this.set({ state: 'waiting' }, waiting);
      },
    });
  }

  /** Adds the gauges of the streams. */
  readStreams(counts: () => StreamFigures): void {
    new Gauge({
      name: 'policy_timeline_streams',
      help: 'Streams that are open, by view.',
      labelNames: ['view'],
      registers: [this.registry],
      collect() {
        const { events, patches } = counts();
        this.set({ view: 'events' }, events);
        this.set({ view: 'patches' }, patches);
      },
    });
    new Gauge({
      name: 'policy_timeline_streams_fallen_behind',
      help: 'How often a stream was moved back to catching up because its reader was slow.',
      registers: [this.registry],
      collect() {
        this.set(counts().fallenBehind);
      },
    });
  }

  /** Counts the outcome of one write, or of several lines. */
  countWrites(outcome: string, count = 1): void {
    if (count > 0) this.writes.inc({ outcome }, count);
  }
}

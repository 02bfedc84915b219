import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { ClockFigures } from '#recording';
import { EVENT_STREAM } from '../live/frames.js';

interface ProjectionFigures {
  readonly name: string;
  readonly position: number;
  readonly lagEvents: number;
  readonly lagMs: number;
  readonly parked: readonly unknown[];
}

interface AuditFigures {
  readonly state: string;
  readonly size: number;
  readonly lagEvents: number;
}

interface SelfCheckFigures {
  readonly log: {
    readonly pass: { readonly position: number } | null;
    readonly lastFullPass: { readonly size: number; readonly finishedAt: string } | null;
    readonly passes: number;
    readonly findings: readonly unknown[];
  };
  readonly rows: { readonly shareADay: number | null; readonly findings: readonly unknown[] };
  readonly engines: { readonly compared: number; readonly differences: readonly unknown[] };
}

interface StreamFigures {
  readonly events: number;
  readonly patches: number;
  readonly fallenBehind: number;
}

interface StoreFigures {
  readonly sequencerSeenMs: number | null;
  readonly disregarded: number;
  readonly limitedStreams: number;
  readonly findings: Readonly<Record<string, number>>;
}

/** The sources of figures that are read when metrics are requested. */
export interface MetricSources {
  /** Position of the last event in the log. */
  headPosition(): Promise<number>;
  projections(): Promise<readonly ProjectionFigures[]>;
  audit(): Promise<AuditFigures>;
  /** What is known of the store that the log is kept in; absent when it is kept in the database. */
  readonly store?: () => Promise<StoreFigures>;
  selfCheck(): Promise<SelfCheckFigures>;
}

const DURATION_BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The metrics of this process in the Prometheus text format. */
export class Metrics {
  private readonly registry = new Registry();
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

  private readGauges: () => Promise<void> = () => Promise.resolve();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Times every request of the server by its route. */
  watch(server: FastifyInstance): void {
    server.addHook('onResponse', (request, reply, done) => {
      // The duration of a stream is not a response time.
      if (reply.raw.getHeader('content-type') === EVENT_STREAM) return done();
      const route = request.routeOptions.url ?? 'none';
      this.durations.labels(request.method, route, String(reply.statusCode)).observe(reply.elapsedTime / 1_000);
      done();
    });
  }

  /** Adds the gauges whose values are read when metrics are requested. */
  readFrom(sources: MetricSources): void {
    new Gauge({
      name: 'policy_timeline_log_head_position',
      help: 'Position of the last event in the log.',
      registers: [this.registry],
      async collect() {
        this.set(await sources.headPosition());
      },
    });
    const position = this.projectionGauge(
      'policy_timeline_projection_position',
      'Last position that the projection has applied.',
    );
    const lag = this.projectionGauge(
      'policy_timeline_projection_lag_seconds',
      'How far the projection is behind the log, in time.',
    );
    const lagEvents = this.projectionGauge(
      'policy_timeline_projection_lag_events',
      'Events in the log that the projection has not applied yet.',
    );
    const parked = this.projectionGauge(
      'policy_timeline_projection_set_aside',
      'Parked events: the projection could not process them, and they wait for an operator.',
    );
    const count = new Gauge({
      name: 'policy_timeline_projections',
      help: 'Number of projections that run in this process.',
      registers: [this.registry],
    });
    const audit = auditGauges(this.registry);
    const selfCheck = selfCheckGauges(this.registry);
    this.readGauges = async () => {
      audit.set(await sources.audit());
      selfCheck.set(await sources.selfCheck());
      const projections = await sources.projections();
      for (const one of projections) {
        position.set({ projection: one.name }, one.position);
        lag.set({ projection: one.name }, one.lagMs / 1_000);
        lagEvents.set({ projection: one.name }, one.lagEvents);
        parked.set({ projection: one.name }, one.parked.length);
      }
      count.set(projections.length);
    };
    if (sources.store) this.readStoreFrom(sources.store);
  }

  private readStoreFrom(read: () => Promise<StoreFigures>): void {
    const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers: [this.registry] });
    const findings = new Gauge({
      name: 'policy_timeline_store_findings',
      help: 'Differences found between KurrentDB and the log copied from it.',
      labelNames: ['kind'],
      registers: [this.registry],
    });
    const limited = gauge('policy_timeline_store_limited_streams', 'Streams from which KurrentDB may delete events.');
    const disregarded = gauge('policy_timeline_log_disregarded', 'Records of KurrentDB that the log disregarded.');
    const seen = gauge('policy_timeline_sequencer_seen_seconds', 'Time since a process was last seen copying the log.');
    const readProjections = this.readGauges;
    this.readGauges = async () => {
      await readProjections();
      const figures = await read();
      for (const [kind, count] of Object.entries(figures.findings)) findings.set({ kind }, count);
      limited.set(figures.limitedStreams);
      disregarded.set(figures.disregarded);
      if (figures.sequencerSeenMs !== null) seen.set(figures.sequencerSeenMs / 1_000);
    };
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

  /** Adds the gauges of the clock. */
  readClock(figures: () => ClockFigures): void {
    const gauge = (name: string, help: string, figure: keyof ClockFigures): Gauge =>
      new Gauge({
        name: `policy_timeline_clock_${name}_seconds`,
        help,
        registers: [this.registry],
        collect() {
          this.set(figures()[figure] / 1_000);
        },
      });
    gauge('behind', 'How far the clock is behind the last record; 0 if it is not.', 'behindMs');
    gauge('differs', "How far the database's clock is ahead of this machine's; negative: behind it.", 'differsMs');
    gauge('jumped', 'How far the clock was set ahead since the start; 0 if it was not.', 'jumpedMs');
  }

  /** Counts the outcome of one write, or of several lines. */
  countWrites(outcome: string, count = 1): void {
    if (count > 0) this.writes.inc({ outcome }, count);
  }

  /** The metrics as text, with its media type. */
  async exposition(): Promise<{ readonly type: string; readonly text: string }> {
    // One reading for all gauges, before any of them is written.
    await this.readGauges();
    return { type: this.registry.contentType, text: await this.registry.metrics() };
  }

  private projectionGauge(name: string, help: string): Gauge<'projection'> {
    return new Gauge({ name, help, labelNames: ['projection'], registers: [this.registry] });
  }
}

function auditGauges(registry: Registry): { readonly set: (figures: AuditFigures) => void } {
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers: [registry] });
  const size = gauge('policy_timeline_audit_size', 'Entries of the log that are signed.');
  const lag = gauge('policy_timeline_audit_lag_events', 'Events in the log that are not signed yet.');
  const halted = gauge(
    'policy_timeline_audit_halted',
    '1 while the log contradicts what was signed, or cannot be read.',
  );
  return {
    set: ({ state, size: signed, lagEvents }) => {
      size.set(signed);
      lag.set(lagEvents);
      halted.set(state === 'halted' ? 1 : 0);
    },
  };
}

function selfCheckGauges(registry: Registry): { readonly set: (figures: SelfCheckFigures) => void } {
  const gauge = (name: string, help: string): Gauge =>
    new Gauge({ name: `policy_timeline_self_check_${name}`, help, registers: [registry] });
  const position = gauge(
    'position',
    'Position that the current pass over the stored log has reached; 0 between passes.',
  );
  const passes = gauge('passes', 'Completed passes over the whole stored log.');
  const lastSize = gauge('last_full_pass_size', 'Entries checked in the last full pass.');
  const lastAt = gauge('last_full_pass_timestamp_seconds', 'When the last full pass ended; 0 before the first.');
  const findings = gauge(
    'findings',
    'Findings in the stored log that differ from what was signed; the report keeps at most 20.',
  );
  const rowFindings = gauge(
    'row_findings',
    'Rows of read models that do not follow from the log; at most 20 are kept.',
  );
  const share = gauge('rows_share_a_day', 'Share of the rows of the read models that is compared per day.');
  const compared = gauge('engine_comparisons', 'Coordinates at which both engines were compared.');
  const differing = gauge(
    'engine_differences',
    'Coordinates at which the engines disagree; the report keeps at most 20.',
  );
  return {
    set: ({ log, rows, engines }) => {
      position.set(log.pass?.position ?? 0);
      passes.set(log.passes);
      lastSize.set(log.lastFullPass?.size ?? 0);
      lastAt.set(log.lastFullPass === null ? 0 : Date.parse(log.lastFullPass.finishedAt) / 1_000);
      findings.set(log.findings.length);
      rowFindings.set(rows.findings.length);
      share.set(rows.shareADay ?? 0);
      compared.set(engines.compared);
      differing.set(engines.differences.length);
    },
  };
}

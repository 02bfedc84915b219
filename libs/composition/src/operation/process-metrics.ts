import { Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { ClockFigures } from '#recording';

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

interface StoreFigures {
  readonly sequencerSeenMs: number | null;
  readonly disregarded: number;
  readonly limitedStreams: number;
  readonly findings: Readonly<Record<string, number>>;
}

/** The sources of figures that are read when metrics are requested. */
export interface MetricSources {
  /** Position of the last event in the log. */
  readonly headPosition?: () => Promise<number>;
  /** Absent in processes that have no read models. */
  readonly projections?: () => Promise<readonly ProjectionFigures[]>;
  /** Absent in processes that know nothing of the audit, as is the self-check. */
  readonly audit?: () => Promise<AuditFigures>;
  /** What is known of the store that the log is kept in; absent when it is kept in the database. */
  readonly store?: () => Promise<StoreFigures>;
  readonly selfCheck?: () => Promise<SelfCheckFigures>;
}

/** The metrics that every process has, in the Prometheus text format. */
export class ProcessMetrics {
  protected readonly registry = new Registry();

  #readings: (() => Promise<void>)[] = [];

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Adds the gauges whose values are read when metrics are requested. */
  readFrom({ headPosition, projections, audit, store, selfCheck }: MetricSources): void {
    if (headPosition) this.#fill(headGauge(this.registry), headPosition);
    if (audit) this.#fill(auditGauges(this.registry), audit);
    if (selfCheck) this.#fill(selfCheckGauges(this.registry), selfCheck);
    if (projections) this.#fill(projectionGauges(this.registry), projections);
    if (store) this.#fill(storeGauges(this.registry), store);
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

  /** The metrics as text, with its media type. */
  async exposition(): Promise<{ readonly type: string; readonly text: string }> {
    // One reading for all gauges, before any of them is written.
    await Promise.all(this.#readings.map((read) => read()));
    return { type: this.registry.contentType, text: await this.registry.metrics() };
  }

  #fill<Figures>({ set }: Gauges<Figures>, read: () => Promise<Figures>): void {
    this.#readings.push(async () => set(await read()));
  }
}

/** Gauges that are set together. */
interface Gauges<Figures> {
  readonly set: (figures: Figures) => void;
}

const headGauge = (registry: Registry): Gauges<number> => {
  const name = 'policy_timeline_log_head_position';
  const gauge = new Gauge({ name, help: 'Position of the last event in the log.', registers: [registry] });
  return { set: (position) => gauge.set(position) };
};

function projectionGauges(registry: Registry): Gauges<readonly ProjectionFigures[]> {
  const gauge = (name: string, help: string): Gauge<'projection'> =>
    new Gauge({ name: `policy_timeline_projection_${name}`, help, labelNames: ['projection'], registers: [registry] });
  const position = gauge('position', 'Last position that the projection has applied.');
  const lag = gauge('lag_seconds', 'How far the projection is behind the log, in time.');
  const lagEvents = gauge('lag_events', 'Events in the log that the projection has not applied yet.');
  const parked = gauge(
    'set_aside',
    'Parked events: the projection could not process them, and they wait for an operator.',
  );
  const count = new Gauge({
    name: 'policy_timeline_projections',
    help: 'Number of projections that run in this process.',
    registers: [registry],
  });
  return {
    set: (projections) => {
      for (const one of projections) {
        position.set({ projection: one.name }, one.position);
        lag.set({ projection: one.name }, one.lagMs / 1_000);
        lagEvents.set({ projection: one.name }, one.lagEvents);
        parked.set({ projection: one.name }, one.parked.length);
      }
      count.set(projections.length);
    },
  };
}

function storeGauges(registry: Registry): Gauges<StoreFigures> {
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers: [registry] });
  const findings = new Gauge({
    name: 'policy_timeline_store_findings',
    help: 'Differences found between KurrentDB and the log copied from it.',
    labelNames: ['kind'],
    registers: [registry],
  });
  const limited = gauge('policy_timeline_store_limited_streams', 'Streams from which KurrentDB may delete events.');
  const disregarded = gauge('policy_timeline_log_disregarded', 'Records of KurrentDB that the log disregarded.');
  const seen = gauge('policy_timeline_sequencer_seen_seconds', 'Time since a process was last seen copying the log.');
  return {
    set: (figures) => {
      for (const [kind, count] of Object.entries(figures.findings)) findings.set({ kind }, count);
      limited.set(figures.limitedStreams);
      disregarded.set(figures.disregarded);
      if (figures.sequencerSeenMs !== null) seen.set(figures.sequencerSeenMs / 1_000);
    },
  };
}

function auditGauges(registry: Registry): Gauges<AuditFigures> {
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

function selfCheckGauges(registry: Registry): Gauges<SelfCheckFigures> {
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

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { Metrics } from '../../apps/api/src/health/metrics.js';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}

const { groups }: { readonly groups: readonly { readonly rules: readonly Rule[] }[] } = parse(
  read('docker/prometheus/alerts.yml'),
);
const rules = groups.flatMap((group) => group.rules);

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number };
}
const { panels }: { readonly panels: readonly Panel[] } = JSON.parse(read('docker/grafana/dashboard.json'));

/** The series of a process that has everything: what `/metrics` declares, with the parts of histograms. */
async function seriesOf(): Promise<ReadonlySet<string>> {
  const metrics = new Metrics();
  const nothing = { log: { pass: null, lastFullPass: null, passes: 0, findings: [] } };
  metrics.readFrom({
    headPosition: async () => 1,
    projections: async () => [],
    audit: async () => ({ state: 'following', size: 1, lagEvents: 0 }),
    selfCheck: async () => ({
      ...nothing,
      rows: { shareADay: null, findings: [] },
      engines: { compared: 0, differences: [] },
    }),
    store: async () => ({ sequencerSeenMs: 1, disregarded: 0, limitedStreams: 0, findings: {} }),
  });
  metrics.readClock(() => ({ behindMs: 0, differsMs: 0, jumpedMs: 0 }));
  metrics.readCostlyReads(() => ({ working: 0, waiting: 0 }));
  metrics.readStreams(() => ({ events: 0, patches: 0, fallenBehind: 0 }));
  const { text } = await metrics.exposition();
  const declared = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  return new Set(
    declared.flatMap(([, name = '', type]) =>
      type === 'histogram' ? ['_bucket', '_sum', '_count'].map((part) => name + part) : [name],
    ),
  );
}

const METRIC = /\b(?:policy_timeline|http|process|nodejs)_\w+/g;

/** The metrics that an expression names; its parentheses and quotes must be closed. */
function metricsIn(expression: string): readonly string[] {
  const bare = expression.replaceAll(/"[^"]*"/g, '""');
  for (const [open, close] of ['()', '{}', '[]']) {
    const count = (one = ''): number => bare.split(one).length;
    expect([expression, count(open)]).toEqual([expression, count(close)]);
  }
  return bare.match(METRIC) ?? [];
}

describe('what watches the service', () => {
  let series: ReadonlySet<string>;
  beforeAll(async () => {
    series = await seriesOf();
  });

  it.each(rules.map((rule) => [rule.alert, rule] as const))('has a rule that can fire: %s', (alert, rule) => {
    const named = metricsIn(rule.expr);
    if (alert !== 'PolicyTimelineDown') expect(named.length).toBeGreaterThan(0);
    for (const name of named) expect([name, series.has(name)]).toEqual([name, true]);
    expect(rule.expr).toMatch(/(==|>|<) [\d.e]+$/);
    expect(rule.for ?? '1m').toMatch(/^\d+[smh]$/);
    expect(['warning', 'critical']).toContain(rule.labels.severity);
    expect(rule.annotations).toEqual({ summary: expect.any(String), description: expect.any(String) });
  });

  it('explains every alert to operators, each once', () => {
    const explained = [...read('docs/operation.md').matchAll(/^\| `(PolicyTimeline\w+)` \|/gm)].map(([, name]) => name);
    expect(explained.toSorted()).toEqual(rules.map(({ alert }) => alert).toSorted());
  });

  it.each(panels.map((panel) => [panel.title, panel] as const))(
    'has a panel with a curve: %s',
    (_title, { targets }) => {
      expect(targets.length).toBeGreaterThan(0);
      for (const { expr } of targets) {
        const named = metricsIn(expr);
        expect([expr, named.length > 0]).toEqual([expr, true]);
        for (const name of named) expect([name, series.has(name)]).toEqual([name, true]);
      }
    },
  );

  it('lays panels beside each other, never over each other', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(new Set(panels.map(({ gridPos: { x, y } }) => `${x} ${y}`)).size).toBe(panels.length);
  });

  it('asks the processes of the cluster at the port of operators that they have', () => {
    const { scrape_configs: jobs } = parse(read('docker/prometheus/prometheus.yml'));
    const targets: readonly string[] = jobs[0].static_configs[0].targets;
    const { services } = parse(read('docker/compose.cluster.yml'), { merge: true });
    const own = Object.keys(services).filter((name) => services[name].environment?.ADMIN_PORT !== undefined);
    expect(targets.toSorted()).toEqual(
      own.map((name) => `${name}:${services[name].environment.ADMIN_PORT}`).toSorted(),
    );
    expect(own.length).toBe(5);
    for (const name of own) expect([name, services[name].environment.HOST ?? '0.0.0.0']).toEqual([name, '0.0.0.0']);
  });
});

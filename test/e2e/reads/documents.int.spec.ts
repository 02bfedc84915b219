import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FOLD_VERSION } from '../../../libs/temporal/src/index.js';
import { checkedFetch } from '../../support/http/checked-fetch.js';
import { runApplication, type TestApplication } from '../running-application.js';

interface Document {
  readonly security: readonly object[];
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<
      Record<
        string,
        {
          readonly oneOf?: readonly { readonly $ref: string }[];
          readonly examples?: readonly object[];
          readonly discriminator?: { readonly mapping: Readonly<Record<string, string>> };
        }
      >
    >;
  };
}

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  readonly requestBody?: {
    readonly content?: Readonly<Record<string, { readonly schema?: { readonly examples?: readonly string[] } }>>;
  };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: object }>> }>
  >;
}

interface About {
  readonly writes: string;
}

/** Addresses that answer nothing without parameters. */
const NEEDS_PARAMETERS = new Set([
  '/v1/diff',
  '/v1/impact',
  '/v1/audit/proof/inclusion',
  '/v1/audit/proof/inclusion.tlog-proof',
  '/v1/audit/proof/consistency',
]);

describe('what the application says about itself', () => {
  let application: TestApplication;
  let document: Document;
  beforeAll(async () => {
    application = await runApplication({
      PUBLISHER: 'Harbour Institute',
      TIME_ZONE: 'Pacific/Auckland',
      CORS_ORIGINS: '*',
    });
    document = (await application.get<Document>('/openapi.json')).body;
  });
  afterAll(() => application.stop());

  const operations = () => Object.values(document.paths).flatMap((path) => Object.values(path));

  it('describes every route', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths).sort()).toEqual([
      '/',
      '/asyncapi.json',
      '/c/{id}',
      '/livez',
      '/metrics',
      '/openapi.json',
      '/readyz',
      '/v1/about',
      '/v1/actors',
      '/v1/anomalies',
      '/v1/audit/checkpoint',
      '/v1/audit/export',
      '/v1/audit/proof/consistency',
      '/v1/audit/proof/inclusion',
      '/v1/audit/proof/inclusion.tlog-proof',
      '/v1/audit/public-key',
      '/v1/audit/self-check',
      '/v1/audit/tile/{path}',
      '/v1/citations',
      '/v1/claims',
      '/v1/datapackage.json',
      '/v1/diff',
      '/v1/events',
      '/v1/events/{event}',
      '/v1/facts',
      '/v1/figures',
      '/v1/history',
      '/v1/impact',
      '/v1/imports',
      '/v1/keys',
      '/v1/keys/{id}',
      '/v1/negotiations',
      '/v1/policies',
      '/v1/policies/{slug}',
      '/v1/policies/{slug}/diff',
      '/v1/policies/{slug}/events',
      '/v1/policies/{slug}/history',
      '/v1/policies/{slug}/stream',
      '/v1/policies/{slug}/timeline',
      '/v1/policies/{slug}/timemap',
      '/v1/positions',
      '/v1/projections',
      '/v1/projections/{name}/rebuild',
      '/v1/projections/{name}/replaced',
      '/v1/projections/{name}/set-aside/{event}/discard',
      '/v1/projections/{name}/set-aside/{event}/retry',
      '/v1/promises',
      '/v1/promises.ics',
      '/v1/promises/summary',
      '/v1/series',
      '/v1/sessions',
      '/v1/sessions/{id}',
      '/v1/sources',
      '/v1/stream',
      '/v1/turns',
    ]);
  });

  it('says what it is, and whether who asks could write', async () => {
    const program: { readonly version: string } = JSON.parse(readFileSync('package.json', 'utf8'));
    const { body } = await application.get<About>('/v1/about');
    expect(body).toEqual({
      name: 'Policy Timeline',
      version: program.version,
      role: 'operator',
      identityProvider: 'none',
      signIn: 'none',
      timeZone: 'Pacific/Auckland',
      head: 0,
      fold: FOLD_VERSION,
      writes: 'open',
      publisher: 'Harbour Institute',
      licence: null,
    });
    const other = await application.get<About>('/v1/about', { 'sec-fetch-site': 'cross-site' });
    expect(other.body.writes).toBe('closed');
  });

  it('lets pages of other origins read the headers by which answers are kept, paged and retried', async () => {
    const { headers } = await application.get('/v1/policies', { origin: 'https://elsewhere.example' });
    expect(headers.get('access-control-expose-headers')?.split(/, ?/).sort()).toEqual([
      'accept-ranges',
      'content-disposition',
      'content-length',
      'content-range',
      'etag',
      'link',
      'location',
      'memento-datetime',
      'ratelimit',
      'ratelimit-policy',
      'repr-digest',
      'retry-after',
    ]);
  });

  it('is consistent in itself', () => {
    const ids = operations().map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [path, methods] of Object.entries(document.paths)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { parameters, responses } of Object.values(methods)) {
        expect(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(inPath);
        const names = parameters.map((parameter) => `${parameter.in} ${parameter.name}`);
        expect(new Set(names).size).toBe(names.length);
        expect(Object.keys(responses).some((status) => status.startsWith('2'))).toBe(true);
        expect(responses['500']?.content).toHaveProperty(['application/problem+json']);
      }
    }
    for (const [, name] of JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)) {
      expect(document.components.schemas).toHaveProperty([String(name)]);
    }
    expect(JSON.stringify(document)).not.toMatch(/"\$ref":"(?!#\/components\/schemas\/\w+")/);
  });

  it('names what it answers', () => {
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining([
        'State',
        'Event',
        'Difference',
        'Figure',
        'Position',
        'Negotiation',
        'Claim',
        'Source',
        'Actor',
        'Anomaly',
        'HistoryEntry',
        'Coordinate',
        'Problem',
        'Recorded',
      ]),
    );
    const answers = operations().flatMap(({ responses }) =>
      Object.entries(responses).flatMap(([status, { content = {} }]) =>
        status.startsWith('2') ? [content['application/json']?.schema ?? {}] : [],
      ),
    );
    expect(answers.filter((schema) => Object.hasOwn(schema, 'properties'))).toEqual([]);
  });

  it('lists what any read may answer, and asks for no key', () => {
    expect(document.security).toEqual([]);
    for (const [path, { get }] of Object.entries(document.paths))
      if (get) {
        // A stream has no end, so no entity tag: it is never compared with what a client has.
        const tagged = path.endsWith('/stream') ? [] : ['304', '412'];
        const expected = [...tagged, '406', '413', '414', '503'];
        const statuses = ['304', '406', '412', '413', '414', '503'].filter((status) => status in get.responses);
        expect({ path, statuses }).toEqual({ path, statuses: expected.toSorted() });
      }
  });

  it('has the body of every type of event, told apart by its type', () => {
    const { oneOf, discriminator } = document.components.schemas['EventBody'] ?? {};
    expect(Object.keys(discriminator?.mapping ?? {})).toEqual(
      expect.arrayContaining(['policy.announced', 'record.corrected', 'legislation.introduced', 'host.agreed']),
    );
    expect(Object.values(discriminator?.mapping ?? {}).toSorted()).toEqual(oneOf?.map(({ $ref }) => $ref).toSorted());
  });

  it('has an example of every type of event that can be recorded as it is', async () => {
    const { schemas } = document.components;
    const { mapping = {} } = schemas['EventBody']?.discriminator ?? {};
    const examples = Object.values(mapping).map(($ref) => schemas[$ref.split('/').at(-1) ?? '']?.examples?.[0]);
    const lines = [
      { policy: { slug: 'harbour-toll', title: 'Harbour toll', kind: 'scheme', jurisdiction: 'GB' } },
      { policy: { slug: 'port-pass', title: 'Port pass', kind: 'scheme', jurisdiction: 'GB' } },
      ...examples,
    ];
    const answers = await application.importLines(lines, '?dryRun=true');
    expect(answers.filter(({ result }) => result === 'rejected')).toEqual([]);
    expect(answers.at(-1)?.summary).toMatchObject({ recorded: lines.length });
    const { examples: [file] = [] } =
      document.paths['/v1/imports']?.['post']?.requestBody?.content?.['application/x-ndjson']?.schema ?? {};
    const imported = await application.importLines([file], '?dryRun=true');
    expect(imported.map(({ result }) => result)).toEqual(['recorded', 'recorded', undefined]);
  });

  it('answers every address that its index links to', async () => {
    const { body } = await application.get<{ readonly links: readonly { readonly href: string }[] }>('/');
    const plain = body.links.filter(({ href }) => !href.includes('{') && !NEEDS_PARAMETERS.has(href));
    for (const { href } of plain)
      expect({ href, status: (await application.get(href)).status }).toEqual({ href, status: 200 });
  });

  it('shows its documentation without any other server', async () => {
    const page = await checkedFetch(`${application.url}/docs`);
    const html = await page.text();
    const allowed = page.headers.get('content-security-policy') ?? '';
    for (const directive of ["script-src 'self'", "style-src 'self' 'unsafe-inline'", "font-src 'self'"])
      expect(allowed.split(';')).toContain(directive);
    expect(allowed).not.toMatch(/https?:|\*/);
    const assets = [...html.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, address]) => String(address));
    expect(assets.length).toBeGreaterThan(3);
    for (const asset of assets) {
      expect(asset).not.toMatch(/^https?:/);
      const { status } = await checkedFetch(new URL(asset, page.url));
      expect({ asset, status }).toEqual({ asset, status: 200 });
    }
    expect(html).not.toMatch(/<script>/);
  });

  it('tells whoever watches over it', async () => {
    expect((await application.get('/livez')).body).toEqual({ status: 'ok' });
    expect((await application.get('/readyz')).body).toMatchObject({ status: 'ok' });
    const { body } = await application.get<string>('/metrics');
    for (const name of [
      'policy_timeline_clock_behind_seconds',
      'policy_timeline_clock_differs_seconds',
      'policy_timeline_clock_jumped_seconds',
      'http_request_duration_seconds_bucket',
      'policy_timeline_log_head_position 0',
      'policy_timeline_projection_lag_seconds',
      'route="/livez"',
    ]) {
      expect(body).toContain(name);
    }
    const { body: projections } = await application.get<{ readonly items: readonly object[] }>('/v1/projections');
    expect(projections.items.length).toBeGreaterThan(0);
    expect(projections.items[0]).toMatchObject({
      name: expect.any(String),
      position: expect.any(Number),
      lagMs: expect.any(Number),
      lastError: null,
    });
  });

  it('sends the headers that browsers are to mind', async () => {
    const { headers } = await application.get('/v1/policies');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).not.toBeNull();
    expect(headers.get('x-powered-by')).toBeNull();
  });
});

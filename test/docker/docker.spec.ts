import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { readConfiguration } from '../../libs/runtime/src/index.js';
import { APPS, commandOf, environmentOf, instructionsOf, stages } from './dockerfile.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string; readonly target: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: readonly string[] | Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly restart?: string;
  readonly user?: string;
  readonly stop_grace_period?: string;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const COMPOSE = ['docker/compose.yml', 'docker/compose.cluster.yml'] as const;

/** What an operator has to give. */
const GIVEN: Readonly<Record<string, string>> = {
  POSTGRES_PASSWORD: 'secret1',
  OWNER_PASSWORD: 'secret2',
  APPLICATION_PASSWORD: 'secret3',
  KURRENTDB_PASSWORD: 'secret4',
};

/** The file with its variables put in, as Compose reads it. */
function composeOf(path: string): Compose {
  const text = read(path)
    .replaceAll(/\$\{([A-Z_]+)(?::([-?])([^}]*))?\}/g, (_all, name: string, kind?: string, otherwise = '') => {
      const value = GIVEN[name] ?? (kind === '-' ? otherwise : undefined);
      if (value === undefined) throw new Error(`${path} uses ${name}, which nobody is asked for.`);
      return value;
    })
    .replaceAll('$$', '$');
  return parse(text, { merge: true });
}

const servicesOf = (path: string): readonly (readonly [name: string, service: Service])[] =>
  Object.entries(composeOf(path).services);

const documented = new Set(
  [...read('README.md').matchAll(/^\| ((?:`[A-Z_]+`(?:, )?)+) \|/gm)].flatMap(
    ([, names]) => (names ?? '').match(/[A-Z_]{2,}/g) ?? [],
  ),
);

describe('the Dockerfile', () => {
  it('begins from images whose tags say which', () => {
    const images = [...stages().values()].map(({ from }) => from).filter((from) => !stages().has(from));
    expect(images.length).toBeGreaterThan(0);
    for (const image of images)
      expect(image).toMatch(/^(node:\d+\.\d+\.\d+-[a-z]+-slim|\S+\/es-gencert-cli:\d+\.\d+)$/);
  });

  it('copies what is there, and what .dockerignore lets through', () => {
    const let_ = new Set(
      read('.dockerignore')
        .split('\n')
        .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : [])),
    );
    const copied = [...stages().values()]
      .flatMap(({ instructions }) => instructions)
      .filter(([word, rest]) => word === 'COPY' && !rest.startsWith('--from'))
      .flatMap(([, rest]) => rest.split(' ').slice(0, -1));
    expect(copied).toContain('libs');
    for (const path of copied) {
      expect([path, existsSync(join(root, path))]).toEqual([path, true]);
      expect([path, let_.has(path)]).toEqual([path, true]);
    }
    for (const path of let_) expect([path, existsSync(join(root, path))]).toEqual([path, true]);
  });

  it.each(APPS)('runs %s with the flags of its npm script, not as root, and looks after its health', (app) => {
    const instructions = new Map(instructionsOf(app));
    expect(instructions.get('USER')).toBe('node');
    const scripts: Record<string, string> = JSON.parse(read('package.json')).scripts;
    const script = scripts[app === 'api' ? 'start' : `start:${app}`];
    expect(`exec ${commandOf(app).join(' ')}`).toBe(
      script?.replace(/apps\/start\.mjs.*$/, `dist/apps/${app}/src/main.js`),
    );
    expect(existsSync(join(root, `apps/${app}/src/main.ts`))).toBe(true);
    expect(instructions.get('HEALTHCHECK')).toContain(`CMD ["node", "docker/health.mjs", "${app}"]`);
  });

  it('has a target for every app that is a process', () => {
    expect([...stages().keys()].filter((name) => existsSync(join(root, 'apps', name)))).toEqual([...APPS]);
  });
});

describe.each(COMPOSE)('%s', (path) => {
  const own = (): readonly (readonly [string, Service])[] =>
    servicesOf(path).filter(([, { build }]) => APPS.some((app) => app === build?.target));

  it('names images by exact tags, and builds targets that are there', () => {
    for (const [name, { image, build }] of servicesOf(path)) {
      if (image !== undefined) expect([name, image]).toEqual([name, expect.stringMatching(/:\d+(\.\d+)+(-[a-z]+)?$/)]);
      else {
        expect(join(root, dirname(path), build?.context ?? '-')).toBe(root.replace(/\/$/, ''));
        expect(build?.dockerfile).toBe('docker/Dockerfile');
        expect([...stages().keys()]).toContain(build?.target);
      }
    }
  });

  it('gives our processes variables that are documented, with values that they accept', () => {
    expect(own().length).toBeGreaterThan(0);
    for (const [name, { environment = {} }] of own()) {
      for (const variable of Object.keys(environment))
        expect([name, variable, documented.has(variable)]).toEqual([name, variable, true]);
      const outcome = readConfiguration({ ...environmentOf(name.replace(/\d$/, '')), ...environment }, '/app');
      expect(outcome).toMatchObject({ ok: true });
      if (outcome.ok && name.startsWith('api')) expect(outcome.configuration.host).toBe('0.0.0.0');
    }
  });

  it('lets services depend on services, with health checks where their health is waited for', () => {
    const { services } = composeOf(path);
    for (const [name, { depends_on: needed = {} }] of Object.entries(services))
      for (const [other, { condition }] of Array.isArray(needed)
        ? needed.map((each: string) => [each, { condition: 'service_started' }] as const)
        : Object.entries(needed as Readonly<Record<string, { readonly condition: string }>>)) {
        expect([name, Object.keys(services)]).toEqual([name, expect.arrayContaining([other])]);
        if (condition === 'service_healthy')
          expect([other, services[other]?.healthcheck]).toEqual([other, expect.anything()]);
      }
  });

  it('mounts volumes that it declares and files that are there', () => {
    const { services, volumes } = composeOf(path);
    const mounted = Object.values(services).flatMap(({ volumes: own_ = [] }) =>
      own_.map((each) => each.split(':')[0] ?? ''),
    );
    for (const source of mounted)
      if (source.startsWith('.'))
        expect([source, existsSync(join(root, dirname(path), source))]).toEqual([source, true]);
      else expect(Object.keys(volumes)).toContain(source);
    for (const volume of Object.keys(volumes)) expect(mounted).toContain(volume);
  });

  it('publishes on the loopback interface only, and lets our processes end in their own time', () => {
    for (const [, { ports = [] }] of servicesOf(path))
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    for (const [name, { stop_grace_period, restart }] of own())
      expect([name, stop_grace_period, restart]).toEqual([name, '15s', 'unless-stopped']);
  });

  it('keeps the key and the newest checkpoint in a volume that all processes share, and that outlives them', () => {
    for (const [name, { build, environment = {}, volumes = [] }] of own()) {
      const target = build?.target ?? '';
      const outcome = readConfiguration({ ...environmentOf(target), ...environment }, '/app');
      const { file, noteFile } = outcome.ok ? outcome.configuration.auditKey : { file: '', noteFile: '' };
      const volume = new Map(instructionsOf(target)).get('VOLUME') ?? 'none';
      expect([dirname(file), dirname(noteFile)]).toEqual([volume, volume]);
      expect([name, volumes]).toEqual([name, expect.arrayContaining([`key:${volume}`])]);
    }
  });

  it('lets nothing of ours, and nobody who makes certificates, run as root', () => {
    for (const [name, { build, user }] of servicesOf(path)) {
      if (build) expect([name, new Map(instructionsOf(build.target)).get('USER')]).not.toEqual([name, 'root']);
      expect([name, user]).toEqual([name, undefined]);
    }
  });

  it('logs in as roles that are no superusers, which it makes at the first start', () => {
    const { postgres } = composeOf(path).services;
    expect(postgres?.volumes).toContain('./logins.sql:/docker-entrypoint-initdb.d/logins.sql:ro');
    const made = [...read('docker/logins.sql').matchAll(/^CREATE ROLE (\w+) LOGIN/gm)].map(([, role]) => role);
    for (const [, { environment = {} }] of own()) {
      const users = ['DATABASE_OWNER_URL', 'DATABASE_URL'].map((name) => new URL(environment[name] ?? '').username);
      expect(users).toEqual(made);
    }
  });

  it('addresses services by their names and ports', () => {
    const services = composeOf(path).services;
    for (const [, { environment = {} }] of own()) {
      expect(new URL(environment['DATABASE_URL'] ?? '').hostname).toBe('postgres');
      const nodes = /@([^?]+)/.exec(environment['KURRENTDB_URL'] ?? '')?.[1]?.split(',') ?? [];
      for (const node of nodes) {
        const [host = '', port] = node.split(':');
        expect(Object.keys(services)).toContain(host);
        expect(port).toBe('2113');
      }
    }
  });
});

describe('the cluster', () => {
  const { services } = composeOf('docker/compose.cluster.yml');

  it('has three nodes that know each other, each with a certificate of its own', () => {
    const nodes = Object.keys(services).filter((name) => name.startsWith('kurrentdb'));
    expect(nodes).toEqual(['kurrentdb1', 'kurrentdb2', 'kurrentdb3']);
    const authority = JSON.stringify(services['certificates']);
    for (const node of nodes) {
      const environment = services[node]?.environment ?? {};
      expect(environment).toMatchObject({
        KURRENTDB_CLUSTER_SIZE: '3',
        KURRENTDB_GOSSIP_SEED: nodes
          .filter((other) => other !== node)
          .map((other) => `${other}:2113`)
          .join(','),
        KURRENTDB_NODE_HOST_ADVERTISE_AS: node,
        KURRENTDB_CERTIFICATE_FILE: `/certificates/${node}/node.crt`,
        KURRENTDB_CERTIFICATE_PRIVATE_KEY_FILE: `/certificates/${node}/node.key`,
        KURRENTDB_TRUSTED_ROOT_CERTIFICATES_PATH: '/certificates/ca',
      });
      expect(environment).not.toHaveProperty('KURRENTDB_INSECURE');
      expect(authority).toContain(node);
    }
  });

  it('leaves each task to the processes that are there for it', () => {
    const targets = Object.values(services)
      .flatMap(({ build }) => build?.target ?? [])
      .filter((target) => target !== 'certificates');
    expect(targets.sort()).toEqual(['api', 'api', 'projector', 'projector', 'sequencer']);
    for (const name of ['api1', 'api2'])
      expect(services[name]?.environment).toMatchObject({ PROJECTIONS: 'off', SEQUENCER: 'off' });
  });

  it('has a proxy that asks each API, where it listens, whether it is ready', () => {
    const proxy = read('docker/haproxy.cfg');
    const servers = [...proxy.matchAll(/^ {2}server (\S+) (\S+):(\d+) check/gm)].map(([, name, host, port]) => [
      name,
      host,
      port,
    ]);
    expect(servers).toEqual(['api1', 'api2'].map((name) => [name, name, '3000']));
    expect(new Map(instructionsOf('api')).get('EXPOSE')).toBe('3000');
    expect(proxy).toContain('option httpchk GET /readyz');
    const [, bound] = /bind :(\d+)/.exec(proxy) ?? [];
    expect(services['proxy']?.ports).toEqual([`127.0.0.1:8080:${bound}`]);
  });
});

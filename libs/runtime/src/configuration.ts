import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import {
  type ClientLimitSettings,
  clientLimitSettings,
  clientLimitVariables,
} from './settings/client-limit-settings.js';
import { type OidcSettings, checkOidc, oidcSettings, oidcVariables } from './settings/oidc-settings.js';

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** The log level; `info` by default. */
export type LogLevel = (typeof logLevels)[number];

const ROLES = ['reader', 'recorder', 'operator'] as const;

/** A key that is known by its hash: whoever holds it may do what its role allows. */
export interface ConfiguredKeyHash {
  readonly name: string;
  readonly role: (typeof ROLES)[number];
  /** SHA-256 of the key, in hexadecimal. */
  readonly sha256: string;
}

/** The configuration from the environment, checked and with defaults. Folders are absolute. */
export interface Configuration {
  /** Port of the HTTP server; 0 lets the system pick a free one. */
  readonly port: number;
  readonly host: string;
  /** Port of metrics and health for operators, on the same host; absent means none. */
  readonly adminPort?: number;
  /** PostgreSQL to use; absent means the embedded server. */
  readonly databaseUrl?: string;
  /** Login that migrations use there; absent means that of `databaseUrl`. */
  readonly databaseOwnerUrl?: string;
  /** KurrentDB that the log is kept in; absent means in PostgreSQL. */
  readonly kurrentUrl?: string;
  /** Port on which the embedded server lets readers by SQL in, from this machine; absent means none. */
  readonly sqlPort?: number;
  /** Where the embedded server keeps its data. */
  readonly dataFolder: string;
  /** Where exports are kept while they are read. */
  readonly spoolFolder: string;
  /** The most bytes of exports that are kept. */
  readonly spoolLimitBytes: number;
  /** Folder of `*.ndjson` files loaded at the first start; absent means none. */
  readonly seedsFolder?: string;
  /** IANA time zone in which bare dates are read. */
  readonly timeZone: string;
  /** The files of the key that signs checkpoints, and of the newest checkpoint, which is kept out of the database. */
  readonly auditKey: { readonly file: string; readonly isNamed: boolean; readonly noteFile: string };
  /** Whether this process brings read models on; if not, projectors must. */
  readonly projections: boolean;
  /** Whether this process may copy events from KurrentDB into PostgreSQL; if not, others must. */
  readonly sequencer: boolean;
  /** Origins whose pages may read the API; `*` means all. */
  readonly corsOrigins: readonly string[];
  /** The origin under which readers reach this service, like `https://example.org`; absent means that of each request. */
  readonly publicUrl?: string;
  /** Keys beside those in the database. */
  readonly apiKeys: readonly ConfiguredKeyHash[];
  /** The identity provider whose tokens are accepted; absent means none. */
  readonly oidc?: OidcSettings;
  /** Whether anybody may read, or only who has a key. */
  readonly reads: 'open' | 'keys';
  /** Proxies whose word for whom they ask is taken: addresses, networks, or `loopback`, `linklocal`, `uniquelocal`. */
  readonly trustProxy: readonly string[];
  /** Who publishes this record, in words; absent means not stated. */
  readonly publisher?: string;
  /** Under which terms it may be used: an SPDX identifier, an address or words; absent means not stated. */
  readonly licence?: string;
  /** The most streams that are open at a time. */
  readonly streamLimit: number;
  /** The most streams of one address; absent means 100, and no limit for this machine. */
  readonly clientStreamLimit?: number;
  /** The most requests in progress at a time, without streams. */
  readonly requestLimit: number;
  /** A connection is closed if its client has read nothing of an answer for this many seconds. */
  readonly sendLimitSeconds: number;
  /** How much each client may ask for. */
  readonly limits: ClientLimitSettings;
  /** The most time for which a policy's events are folded again for one answer. */
  readonly replayLimitMs: number;
  /** Writes are refused while the clock is more minutes than this behind the last record. */
  readonly clockLimitMinutes: number;
  /** The pause of the self-check between two passes over the log. */
  readonly selfCheckPauseMs: number;
  readonly logLevel: LogLevel;
  /** Whether each request is logged. */
  readonly accessLog: boolean;
}

/** A configuration, or every mistake in the environment, each a sentence that names its variable. */
export type ConfigurationOutcome =
  | { readonly ok: true; readonly configuration: Configuration }
  | { readonly ok: false; readonly mistakes: readonly string[] };

/** The name of the key file in the data folder, where none is named. */
const AUDIT_KEY = 'audit.key';

/** The newest checkpoint is kept beside the key, unless a file is named. */
const NOTE_SUFFIX = '.checkpoint';

const STREAM_LIMIT = 5_000;

const REQUEST_LIMIT = 500;

const SEND_LIMIT_SECONDS = 60;

const REPLAY_LIMIT_MS = 30_000;

const CLOCK_LIMIT_MINUTES = 60;

const SELF_CHECK_PAUSE_MS = 5_000;

const SPOOL_LIMIT_MB = 2_048;

const MEGABYTE = 1_048_576;

const HIGHEST_PORT = 65_535;

const count = z
  .string()
  .regex(/^[1-9]\d{0,5}$/, 'must be a whole number from 1 to 999999')
  .transform(Number);

const LONGEST_TEXT = 500;

const shortText = z.string().max(LONGEST_TEXT, `must have at most ${LONGEST_TEXT} characters`);

const API_KEYS_FORM =
  'must be name:role:sha256 for each key, separated by commas: a role of reader, recorder, operator, and the SHA-256 of the key (never the key) in 64 hexadecimal digits';

/** The form of KurrentDB's connection strings: one node, several separated by commas, or a name for discovery. */
const KURRENT_URL =
  /^(kurrentdb|kurrent|kdb|esdb)(\+discover)?:\/\/([^:@/?\s]+:[^@\s]+@)?[^:@/?,\s]+(:\d{1,5})?(,[^:@/?,\s]+(:\d{1,5})?)*\/?(\?[^=&?\s]+=[^&?\s]+(&[^=&?\s]+=[^&?\s]+)*)?$/;

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a whole number')
  .transform(Number)
  .refine((number) => number <= HIGHEST_PORT, `must be at most ${HIGHEST_PORT}`);

const environment = z
  .object({
    PORT: port.default(3000),
    ADMIN_PORT: port.optional(),
    HOST: z.string().regex(/^\S+$/, 'must be a host name or an address').default('127.0.0.1'),
    DATABASE_URL: z
      .string()
      .refine(isPostgresUrl, 'must be a URL like postgresql://user:password@host:5432/database')
      .optional(),
    DATABASE_OWNER_URL: z
      .string()
      .refine(isPostgresUrl, 'must be a URL like postgresql://user:password@host:5432/database')
      .optional(),
    KURRENTDB_URL: z
      .string()
      .regex(KURRENT_URL, 'must be a connection string like kurrentdb://user:password@host:2113?tls=true')
      .optional(),
    SQL_PORT: z
      .string()
      .regex(/^(?:0|[1-9]\d{0,4})$/, 'must be a whole number from 0 on')
      .transform(Number)
      .refine((port) => port <= HIGHEST_PORT, `must be at most ${HIGHEST_PORT}`)
      .optional(),
    DATA_DIR: z.string().default('.data'),
    SPOOL_DIR: z.string().optional(),
    SPOOL_LIMIT_MB: count.default(SPOOL_LIMIT_MB),
    SEEDS: z.string().default('seeds'),
    TIME_ZONE: z.string().refine(isTimeZone, 'must be an IANA time zone like Europe/London').default('Europe/London'),
    PROJECTIONS: z.enum(['on', 'off'], 'must be on or off').default('on'),
    AUDIT_KEY_FILE: z.string().optional(),
    AUDIT_NOTE_FILE: z.string().optional(),
    SEQUENCER: z.enum(['on', 'off'], 'must be on or off').default('on'),
    CORS_ORIGINS: z
      .string()
      .transform((text) => text.split(',').map((origin) => origin.trim()))
      .refine(
        (origins) => origins.every(isOrigin),
        'must be origins like https://example.org, separated by commas, or *',
      )
      .default([]),
    PUBLIC_URL: z
      .string()
      .transform((text) => text.replace(/\/$/, ''))
      .refine(
        (text) => text !== '*' && isOrigin(text) && /^https?:/.test(text),
        'must be an origin like https://example.org',
      )
      .optional(),
    API_KEYS: z
      .string()
      .transform((text) => text.split(',').map(readKeyHash))
      .refine((keys) => keys.every((key) => key !== undefined), API_KEYS_FORM)
      .transform((keys) => keys.filter((key) => key !== undefined))
      .refine((keys) => new Set(keys.map(({ sha256 }) => sha256)).size === keys.length, 'must name each key once')
      .default([]),
    ...oidcVariables,
    READS: z.enum(['open', 'keys'], 'must be open or keys').default('open'),
    TRUST_PROXY: z
      .string()
      .transform((text) => text.split(',').map((name) => name.trim()))
      .refine(
        (names) => names.every(isProxyName),
        'must be addresses or networks like 10.0.0.0/8, or loopback, linklocal, uniquelocal, separated by commas',
      )
      .default([]),
    PUBLISHER: shortText.optional(),
    LICENCE: shortText.optional(),
    STREAMS: count.default(STREAM_LIMIT),
    STREAMS_PER_CLIENT: count.optional(),
    REQUESTS: count.default(REQUEST_LIMIT),
    SEND_LIMIT_SECONDS: count.default(SEND_LIMIT_SECONDS),
    ...clientLimitVariables,
    REPLAY_LIMIT_MS: count.default(REPLAY_LIMIT_MS),
    CLOCK_LIMIT_MINUTES: count.default(CLOCK_LIMIT_MINUTES),
    SELF_CHECK_PAUSE_MS: count.default(SELF_CHECK_PAUSE_MS),
    LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
    ACCESS_LOG: z.enum(['on', 'off'], 'must be on or off').default('off'),
  })
  .refine((given) => given.DATABASE_OWNER_URL === undefined || given.DATABASE_URL !== undefined, {
    path: ['DATABASE_OWNER_URL'],
    message: 'names a login to the server in DATABASE_URL, which is not set',
  })
  .refine((given) => given.ADMIN_PORT === undefined || given.ADMIN_PORT === 0 || given.ADMIN_PORT !== given.PORT, {
    path: ['ADMIN_PORT'],
    message: 'must be another port than PORT',
  })
  .refine((given) => given.SQL_PORT === undefined || given.DATABASE_URL === undefined, {
    path: ['SQL_PORT'],
    message: 'opens the embedded server, which DATABASE_URL replaces: your own server has its own port',
  })
  .superRefine((given, context) => checkOidc(given, (issue) => context.addIssue({ ...issue })));

/**
 * Reads the configuration from environment variables, listing all mistakes at once.
 *
 * An empty variable counts as absent, except `SEEDS`, where it means "load none". Relative folders are taken from
 * `folder`. A mistake shows the value, unless it may hold a secret, as addresses of databases do.
 */
export function readConfiguration(
  variables: Readonly<Record<string, string | undefined>>,
  folder: string,
): ConfigurationOutcome {
  const given = Object.entries(variables).filter(([name, value]) => value !== '' || name === 'SEEDS');
  const read = environment.safeParse(Object.fromEntries(given));
  if (!read.success) return { ok: false, mistakes: read.error.issues.map((issue) => sentence(issue, variables)) };
  const { data } = read;
  const keyFile = resolve(folder, data.AUDIT_KEY_FILE ?? join(data.DATA_DIR, AUDIT_KEY));
  const configuration = {
    port: data.PORT,
    host: data.HOST,
    ...(data.ADMIN_PORT === undefined ? {} : { adminPort: data.ADMIN_PORT }),
    ...(data.DATABASE_URL === undefined ? {} : { databaseUrl: data.DATABASE_URL }),
    ...(data.DATABASE_OWNER_URL === undefined ? {} : { databaseOwnerUrl: data.DATABASE_OWNER_URL }),
    ...(data.KURRENTDB_URL === undefined ? {} : { kurrentUrl: data.KURRENTDB_URL }),
    ...(data.SQL_PORT === undefined ? {} : { sqlPort: data.SQL_PORT }),
    dataFolder: resolve(folder, data.DATA_DIR),
    spoolFolder: resolve(folder, data.SPOOL_DIR ?? join(data.DATA_DIR, 'spool')),
    spoolLimitBytes: data.SPOOL_LIMIT_MB * MEGABYTE,
    ...(data.SEEDS === '' ? {} : { seedsFolder: resolve(folder, data.SEEDS) }),
    timeZone: data.TIME_ZONE,
    auditKey: {
      file: keyFile,
      isNamed: data.AUDIT_KEY_FILE !== undefined,
      noteFile: data.AUDIT_NOTE_FILE === undefined ? keyFile + NOTE_SUFFIX : resolve(folder, data.AUDIT_NOTE_FILE),
    },
    projections: data.PROJECTIONS === 'on',
    sequencer: data.SEQUENCER === 'on',
    corsOrigins: data.CORS_ORIGINS,
    ...(data.PUBLIC_URL === undefined ? {} : { publicUrl: data.PUBLIC_URL }),
    apiKeys: data.API_KEYS,
    ...oidcSettings(data),
    reads: data.READS,
    trustProxy: data.TRUST_PROXY,
    ...(data.PUBLISHER === undefined ? {} : { publisher: data.PUBLISHER }),
    ...(data.LICENCE === undefined ? {} : { licence: data.LICENCE }),
    streamLimit: data.STREAMS,
    ...(data.STREAMS_PER_CLIENT === undefined ? {} : { clientStreamLimit: data.STREAMS_PER_CLIENT }),
    requestLimit: data.REQUESTS,
    sendLimitSeconds: data.SEND_LIMIT_SECONDS,
    limits: clientLimitSettings(data),
    replayLimitMs: data.REPLAY_LIMIT_MS,
    clockLimitMinutes: data.CLOCK_LIMIT_MINUTES,
    selfCheckPauseMs: data.SELF_CHECK_PAUSE_MS,
    logLevel: data.LOG_LEVEL,
    accessLog: data.ACCESS_LOG === 'on',
  };
  return { ok: true, configuration };
}

/** The configuration as it may be printed: passwords in URLs, and what their queries hold, are hidden. */
export function redactConfiguration(configuration: Configuration): Configuration {
  const { databaseUrl, databaseOwnerUrl, kurrentUrl, oidc } = configuration;
  return {
    ...configuration,
    ...(databaseUrl === undefined ? {} : { databaseUrl: redactUrl(databaseUrl) }),
    ...(databaseOwnerUrl === undefined ? {} : { databaseOwnerUrl: redactUrl(databaseOwnerUrl) }),
    ...(kurrentUrl === undefined ? {} : { kurrentUrl: redactConnection(kurrentUrl) }),
    ...(oidc?.client?.secret === undefined
      ? {}
      : { oidc: { ...oidc, client: { ...oidc.client, secret: 'redacted' } } }),
  };
}

function redactUrl(text: string): string {
  const url = new URL(text);
  if (url.password !== '') url.password = 'redacted';
  for (const name of url.searchParams.keys()) url.searchParams.set(name, 'redacted');
  return url.href;
}

/** Redacts a connection string, which with several hosts is not a URL. */
const redactConnection = (text: string): string =>
  text.replace(/(:\/\/[^:@]+:)[^@]+@/, '$1redacted@').replaceAll(/([?&][^=&?]+=)[^&]*/g, '$1redacted');

/** Variables whose values may hold secrets. */
const SECRET = /^(DATABASE|KURRENTDB)_|KEYS?$|SECRET|PASSWORD|TOKEN/;

const SHOWN_CHARACTERS = 60;

/** The mistake in words, with the value unless there may be a secret in it. */
function sentence(
  { path, message }: z.core.$ZodIssue,
  variables: Readonly<Record<string, string | undefined>>,
): string {
  const name = path.join('.');
  const value = variables[name] ?? '';
  if (SECRET.test(name) || /:\/\/[^/]*@/.test(value)) return `${name} ${message}.`;
  return `${name} ${message}; it is ${JSON.stringify(value.slice(0, SHOWN_CHARACTERS))}.`;
}

function isPostgresUrl(text: string): boolean {
  return URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol);
}

function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

const A_KEY_HASH = /^([^:,]{1,100}):([a-z]+):([0-9a-f]{64})$/i;

function readKeyHash(text: string): ConfiguredKeyHash | undefined {
  const [, name = '', given, sha256 = ''] = A_KEY_HASH.exec(text.trim()) ?? [];
  const role = ROLES.find((each) => each === given);
  return role && { name: name.trim(), role, sha256: sha256.toLowerCase() };
}

const NETWORK_NAMES: ReadonlySet<string> = new Set(['loopback', 'linklocal', 'uniquelocal']);

const IPV4_BITS = 32;
const IPV6_BITS = 128;

/** True for an address, a network as address and number of bits, or the name of some networks. */
function isProxyName(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  if (NETWORK_NAMES.has(text)) return true;
  if (isIP(address) === 0 || more.length > 0) return false;
  const most = isIP(address) === 4 ? IPV4_BITS : IPV6_BITS;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= most);
}

function isOrigin(text: string): boolean {
  return text === '*' || (URL.canParse(text) && new URL(text).origin === text);
}

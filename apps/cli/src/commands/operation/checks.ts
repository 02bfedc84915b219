/** One thing that was looked at. */
export interface DoctorCheck {
  readonly check: string;
  readonly status: 'ok' | 'warning';
  readonly message: string;
}

/** What the service says of itself, and what was measured here. */
export interface DoctorFacts {
  readonly url: string;
  readonly about: {
    readonly name: string;
    readonly version: string;
    readonly head: number;
    readonly fold: number;
    readonly writes: string;
    readonly role?: string | null | undefined;
    readonly identityProvider?: string | undefined;
  };
  /** The header `RateLimit`, what is left to whoever asks; null for one that is not counted. */
  readonly rateLimit: string | null;
  /** The port of operators that `ADMIN_PORT` names here, and whether it answers; null where it names none. */
  readonly adminPort: { readonly port: number; readonly isAnswering: boolean } | null;
  /** Whether this command has a key. */
  readonly hasKey: boolean;
  readonly ownVersion: string;
  readonly roundTripMs: number;
  /** The header `Date`, which has whole seconds. */
  readonly serverDate: string | null;
  /** The clock here just before and after. */
  readonly here: { readonly begun: number; readonly ended: number };
  readonly ready: {
    readonly status: string;
    readonly reasons: readonly { readonly code: string; readonly message: string }[];
    readonly eventsBehind: number;
    readonly projections: readonly { readonly name: string; readonly state: string; readonly lagMs: number }[];
    readonly audit: {
      readonly state: string;
      readonly size: number;
      readonly signedAt: string | null;
      readonly lagEvents: number;
      readonly error: string | null;
    };
    readonly spool: {
      readonly files: number;
      readonly bytes: number;
      readonly limitBytes: number;
      readonly disk: { readonly freeBytes: number; readonly totalBytes: number } | null;
    };
    readonly sql: { readonly views: number; readonly hasReader: boolean };
  };
  readonly parked: readonly { readonly projection: string; readonly event: string }[];
  readonly selfCheck: {
    readonly status: string;
    readonly message: string;
    readonly log: { readonly lastFullPass: { readonly finishedAt: string } | null };
  };
  readonly now: number;
}

/** Above these a check warns. */
const SKEW_LIMIT_MS = 2_000;
const ROUND_TRIP_LIMIT_MS = 1_000;
const LAG_LIMIT_MS = 60_000;
const UNSIGNED_LIMIT = 4_096;

/** Below this share of a disk, or of the room for exports, a check warns. */
const FREE_SHARE = 0.05;

/** What is well and what is not, one line each. */
export const checksOf = (facts: DoctorFacts): readonly DoctorCheck[] => [
  reach(facts),
  clock(facts),
  version(facts),
  key(facts),
  limits(facts),
  metrics(facts),
  ...provider(facts),
  health(facts),
  lag(facts),
  parked(facts),
  checkpoint(facts),
  audit(facts),
  disk(facts),
  spool(facts),
  sql(facts),
];

const report = (check: string, isWell: boolean, message: string): DoctorCheck => ({
  check,
  status: isWell ? 'ok' : 'warning',
  message,
});

const reach = ({ url, about, roundTripMs }: DoctorFacts): DoctorCheck =>
  report(
    'reach',
    roundTripMs <= ROUND_TRIP_LIMIT_MS,
    `${about.name} at ${url} answered in ${roundTripMs} ms; ${about.head} events`,
  );

function clock({ serverDate, here: { begun, ended } }: DoctorFacts): DoctorCheck {
  const second = serverDate === null ? Number.NaN : Date.parse(serverDate);
  if (Number.isNaN(second)) return report('clock', false, 'the service does not say what time it is');
  // The true time there was between that second and the next.
  const skewMs = Math.max(0, second - ended, begun - (second + 1_000));
  const message =
    skewMs === 0 ? 'the clocks here and there agree' : `the clocks here and there differ by ${skewMs} ms or more`;
  return report('clock', skewMs <= SKEW_LIMIT_MS, message);
}

const version = ({ about, ownVersion }: DoctorFacts): DoctorCheck =>
  report(
    'version',
    about.version === ownVersion,
    `the service is ${about.version}, fold ${about.fold}; this ptl is ${ownVersion}`,
  );

function key({ about: { role, writes }, hasKey }: DoctorFacts): DoctorCheck {
  const who = hasKey ? 'this key' : 'this address, without a key,';
  const as = role === undefined || role === null ? '' : ` as ${role}`;
  return report('key', true, `${who} reads${as}; writes are ${writes} to it`);
}

/** The header as this service writes it. */
const LEFT = /^"([\w-]+)";r=(\d+);t=(\d+)$/;

/** Below this a check warns: every command asks several times. */
const FEW_READS = 20;

function limits({ rateLimit, hasKey }: DoctorFacts): DoctorCheck {
  const who = hasKey ? 'this key' : 'this address';
  const [, name, left = '0', seconds] = LEFT.exec(rateLimit ?? '') ?? [];
  if (name === undefined) return report('limits', true, `requests of ${who} are not counted`);
  return report('limits', Number(left) >= FEW_READS, `${who} has ${left} ${name} left; all are back in ${seconds} s`);
}

/** Nothing is said where there is no identity provider. */
function provider({ about: { identityProvider } }: DoctorFacts): readonly DoctorCheck[] {
  if (identityProvider === undefined || identityProvider === 'none') return [];
  const isWell = identityProvider === 'reached';
  const message = isWell
    ? 'the identity provider answers'
    : 'the identity provider did not answer when it was asked last: tokens signed with new keys are refused, and nobody can sign in';
  return [report('provider', isWell, message)];
}

function metrics({ adminPort }: DoctorFacts): DoctorCheck {
  if (adminPort === null)
    return report('metrics', true, 'ADMIN_PORT is not set here: operators are answered on the port of the service');
  const { port, isAnswering } = adminPort;
  return report(
    'metrics',
    isAnswering,
    `the port of operators, ${port}, ${isAnswering ? 'answers' : 'does not answer'}`,
  );
}

function health({ ready: { status, reasons } }: DoctorFacts): DoctorCheck {
  const why = reasons.map(({ code, message }) => `${code}: ${message}`).join(' ');
  return report('health', status === 'ok', why === '' ? `the service says ${status}` : why);
}

function lag({ ready: { eventsBehind, projections } }: DoctorFacts): DoctorCheck {
  const slowest = Math.max(0, ...projections.map(({ lagMs }) => lagMs));
  const halted = projections.filter(({ state }) => state !== 'running').map(({ name, state }) => `${name} is ${state}`);
  const message = [
    `${projections.length} read models, at most ${eventsBehind} events and ${Math.round(slowest)} ms behind`,
  ];
  return report('lag', halted.length === 0 && slowest <= LAG_LIMIT_MS, [...message, ...halted].join('; '));
}

const parked = ({ parked: events }: DoctorFacts): DoctorCheck =>
  report(
    'set-aside',
    events.length === 0,
    events.length === 0
      ? 'no events are set aside'
      : events.map(({ projection, event }) => `${projection} set ${event} aside`).join('; '),
  );

const checkpoint = ({ ready: { audit: signed }, about: { head }, now }: DoctorFacts): DoctorCheck =>
  report(
    'checkpoint',
    signed.size > 0 && signed.lagEvents <= UNSIGNED_LIMIT,
    signed.lagEvents === 0
      ? `the newest checkpoint is over all ${signed.size} events, ${signedAge(signed.signedAt, now)}`
      : `the newest checkpoint is over ${signed.size} of ${head} events, ${signedAge(signed.signedAt, now)}`,
  );

const signedAge = (signedAt: string | null, now: number): string =>
  signedAt === null ? 'not signed yet' : `signed ${ageOf(now - Date.parse(signedAt))} ago`;

function audit({ ready: { audit: signed }, selfCheck, now }: DoctorFacts): DoctorCheck {
  const { lastFullPass } = selfCheck.log;
  const age = lastFullPass === null ? 'not yet' : `${ageOf(now - Date.parse(lastFullPass.finishedAt))} ago`;
  const isWell = signed.state === 'following' && selfCheck.status === 'ok';
  return report(
    'audit',
    isWell,
    `${signed.error ?? `signing is ${signed.state}`}; checked ${age}: ${selfCheck.message}`,
  );
}

function disk({ ready: { spool: room } }: DoctorFacts): DoctorCheck {
  if (room.disk === null) return report('disk', true, 'the system does not say how much is free');
  const { freeBytes, totalBytes } = room.disk;
  const message = `${gigabytes(freeBytes)} of ${gigabytes(totalBytes)} are free on the disk of the exports`;
  return report('disk', freeBytes >= totalBytes * FREE_SHARE, message);
}

const spool = ({ ready: { spool: room } }: DoctorFacts): DoctorCheck =>
  report(
    'spool',
    room.bytes <= room.limitBytes * (1 - FREE_SHARE),
    `${room.files} files of exports are kept, ${gigabytes(room.bytes)} of ${gigabytes(room.limitBytes)}`,
  );

function sql({ ready: { sql: found } }: DoctorFacts): DoctorCheck {
  const role = found.hasReader
    ? 'the role ptl_reader reads them'
    : 'the role ptl_reader is missing: CREATE ROLE ptl_reader NOLOGIN';
  return report('sql', found.views > 0 && found.hasReader, `${found.views} views in analytics_v1; ${role}`);
}

const GIGABYTE = 1_000_000_000;

const gigabytes = (bytes: number): string => `${(bytes / GIGABYTE).toFixed(1)} GB`;

const ageOf = (ms: number): string => `${Math.max(0, Math.round(ms / 1_000))} s`;

import { z } from 'zod';
import type { DefineCommand } from '../../define-command.js';
import { EXIT, type ExitCode } from '../../exit-code.js';
import { renderDocument } from '../../render/document.js';
import { formOf } from '../../render/form.js';
import type { AnswerOutput } from '../../render/formats.js';
import type { Service } from '../../service/service.js';
import { addAskOptions, askService, type AskOptions } from '../ask-service.js';
import { type DoctorCheck, type DoctorFacts, checksOf } from './checks.js';
import { ownVersion } from './own-version.js';

const aboutSchema = z.looseObject({
  name: z.string(),
  version: z.string(),
  head: z.int(),
  fold: z.int(),
  writes: z.string(),
  role: z.string().nullable().optional(),
  identityProvider: z.string().optional(),
});

const readySchema = z.looseObject({
  status: z.string(),
  reasons: z.array(z.looseObject({ code: z.string(), message: z.string() })),
  eventsBehind: z.int(),
  projections: z.array(z.looseObject({ name: z.string(), state: z.string(), lagMs: z.number() })),
  audit: z.looseObject({
    state: z.string(),
    size: z.int(),
    signedAt: z.string().nullable(),
    lagEvents: z.int(),
    error: z.string().nullable(),
  }),
  spool: z.looseObject({
    files: z.int(),
    bytes: z.int(),
    limitBytes: z.int(),
    disk: z.looseObject({ freeBytes: z.number(), totalBytes: z.number() }).nullable(),
  }),
  sql: z.looseObject({ views: z.int(), hasReader: z.boolean() }),
});

const projectionsSchema = z.object({
  items: z.array(z.looseObject({ name: z.string(), setAside: z.array(z.looseObject({ event: z.string() })) })),
});

const selfCheckSchema = z.looseObject({
  status: z.string(),
  message: z.string(),
  log: z.looseObject({ lastFullPass: z.looseObject({ finishedAt: z.string() }).nullable() }),
});

export const defineDoctor: DefineCommand = (command, terminal, done) => {
  const examineHere = (service: Service, output: AnswerOutput): Promise<ExitCode> =>
    examine(service, terminal.env['ADMIN_PORT'], output);
  command.action(async (options: AskOptions) => done(await askService(terminal, options, examineHere)));
  addAskOptions(command);
};

async function examine(service: Service, adminPort: string | undefined, output: AnswerOutput): Promise<ExitCode> {
  const checks = checksOf({ ...(await factsOf(service)), adminPort: await lookAtAdminPort(service.url, adminPort) });
  const isWell = checks.every(({ status }) => status === 'ok');
  await renderDocument(
    {
      document: { url: service.url, ok: isWell, checks },
      form: formOf(['check', 'status', 'message']),
      rows: checks.map((check) => ({ ...check })),
      lines: (paint) => checks.map((check) => lineOf(check, paint)),
    },
    output,
  );
  return isWell ? EXIT.ok : EXIT.differs;
}

const lineOf = ({ check, status, message }: DoctorCheck, paint: AnswerOutput['paint']): string =>
  `${paint(status === 'ok' ? 'green' : 'red', status.padEnd(7))}  ${check.padEnd(12)}  ${message}`;

const A_PORT = /^[1-9]\d{0,4}$/;

const ADMIN_LIMIT_MS = 5_000;

/** Asks the port of operators on the host of the service, without any key: it is not the service's own address. */
async function lookAtAdminPort(url: string, adminPort = ''): Promise<DoctorFacts['adminPort']> {
  if (!A_PORT.test(adminPort)) return null;
  const address = new URL('/metrics', url);
  address.port = adminPort;
  const asked = fetch(address, { signal: AbortSignal.timeout(ADMIN_LIMIT_MS) });
  const isAnswering = await asked.then(
    async (answer) => answer.ok && (await answer.text()).startsWith('# '),
    () => false,
  );
  return { port: Number(adminPort), isAnswering };
}

async function factsOf(service: Service): Promise<Omit<DoctorFacts, 'adminPort'>> {
  const begun = Date.now();
  const response = await service.send('/v1/about');
  const ended = Date.now();
  const about = aboutSchema.parse(await response.json());
  const [ready, { items }, selfCheck] = await Promise.all([
    service.ask('/readyz', readySchema),
    service.ask('/v1/projections', projectionsSchema),
    service.ask('/v1/audit/self-check', selfCheckSchema),
  ]);
  return {
    url: service.url,
    about,
    rateLimit: response.headers.get('ratelimit'),
    hasKey: service.hasKey,
    ownVersion: ownVersion(),
    roundTripMs: ended - begun,
    serverDate: response.headers.get('date'),
    here: { begun, ended },
    ready,
    parked: items.flatMap(({ name, setAside }) => setAside.map(({ event }) => ({ projection: name, event }))),
    selfCheck,
    now: Date.now(),
  };
}

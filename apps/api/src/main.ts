import { CannotStart, createLogger, readConfiguration, redactedConfiguration, type Logger } from '#runtime';
import { type RunningApplication, startApplication } from './application.js';

/** How long a stop may take before the process ends regardless. */
const STOP_LIMIT_MS = 9_000;

await run();

async function run(): Promise<void> {
  const outcome = readConfiguration(process.env, process.cwd());
  if (!outcome.ok) {
    process.stderr.write(
      `The configuration is wrong:\n${outcome.mistakes.map((mistake) => `  ${mistake}\n`).join('')}`,
    );
    process.exitCode = 1;
    return;
  }
  const logger = createLogger(outcome.configuration.logLevel);
  logger.debug({ configuration: redactedConfiguration(outcome.configuration) }, 'starting');
  const onLoss = (reason: string): void => {
    logger.fatal(reason);
    process.exit(1);
  };
  const starting = startApplication(outcome.configuration, { logger, onLoss });
  stopOnSignals(starting, logger);
  try {
    tell(await starting);
  } catch (error) {
    if (error instanceof CannotStart) process.stderr.write(`${error.message}\n`);
    else logger.fatal({ err: error }, 'the start failed');
    process.exitCode = 1;
  }
}

function tell({ url }: RunningApplication): void {
  const places = [
    ['documentation', '/docs'],
    ['OpenAPI', '/openapi.json'],
    ['metrics', '/metrics'],
    ['health', '/readyz'],
  ];
  const lines = [`listening on ${url}`, ...places.map(([name, path]) => `${name}: ${url}${path}`)];
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

function stopOnSignals(starting: Promise<RunningApplication>, logger: Logger): void {
  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'stopping');
    setTimeout(() => process.exit(0), STOP_LIMIT_MS).unref();
    // A start that fails is reported by whoever waits for it.
    const running = await starting.catch(() => undefined);
    await running?.stop();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      stop(signal).then(
        () => process.exit(process.exitCode ?? 0),
        (error: unknown) => {
          logger.error({ err: error }, 'the stop failed');
          process.exit(1);
        },
      );
    });
  }
}

import { CannotStart } from './cannot-start.js';
import { type Configuration, readConfiguration, redactConfiguration } from './configuration.js';
import { type Logger, createLogger } from './logger.js';
import { explainNoRoom } from './start-faults.js';

/** How long a stop may take before the process ends regardless. */
const STOP_LIMIT_MS = 9_000;

/** The parameters of the start of a service. */
export interface ServiceNeeds {
  readonly logger: Logger;
  /** Ends the process, because something indispensable was lost. */
  readonly onLoss: (reason: string) => void;
  /** Aborts when the process is to stop: a start that is under way then ends, closing what it opened. */
  readonly stopping: AbortSignal;
}

/** A running service. */
export interface RunningService {
  /** The lines to print on standard output once it runs. */
  readonly lines: readonly string[];
  stop(): Promise<void>;
}

/**
 * Runs a service as this process: reads the configuration from the environment, starts, prints its lines, and stops at
 * SIGTERM or SIGINT with exit code 0, within 10 s and also in the middle of its start.
 *
 * Mistakes in the configuration and messages of {@link CannotStart} are printed on standard error; exit code 1.
 */
export async function runService(
  start: (configuration: Configuration, needs: ServiceNeeds) => Promise<RunningService>,
): Promise<void> {
  const outcome = readConfiguration(process.env, process.cwd());
  if (!outcome.ok) {
    process.stderr.write(
      `The configuration is invalid:\n${outcome.mistakes.map((mistake) => `  ${mistake}\n`).join('')}`,
    );
    process.exitCode = 1;
    return;
  }
  const logger = createLogger(outcome.configuration.logLevel);
  logger.debug({ configuration: redactConfiguration(outcome.configuration) }, 'starting');
  const onLoss = (reason: string): void => {
    logger.fatal(reason);
    process.exit(1);
  };
  const stopping = new AbortController();
  const starting = start(outcome.configuration, { logger, onLoss, stopping: stopping.signal });
  stopOnSignals(starting, stopping, logger);
  try {
    const { lines } = await starting;
    if (stopping.signal.aborted) return;
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  } catch (error) {
    // An error of an interrupted start is not a failure.
    if (stopping.signal.aborted) return logger.debug({ err: error }, 'the start was interrupted');
    const sentence = error instanceof CannotStart ? error.message : explainNoRoom(error);
    if (sentence !== undefined) process.stderr.write(`${sentence}\n`);
    else logger.fatal({ err: error }, 'the start failed');
    process.exitCode = 1;
  }
}

function stopOnSignals(starting: Promise<RunningService>, stopping: AbortController, logger: Logger): void {
  const stop = async (signal: string): Promise<void> => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    logger.info({ signal }, 'stopping');
    setTimeout(() => process.exit(0), STOP_LIMIT_MS).unref();
    // A failed start is reported where it is awaited.
    const running = await starting.catch(() => undefined);
    await running?.stop();
    logger.info('stopped');
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

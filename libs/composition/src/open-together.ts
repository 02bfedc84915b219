import { LogStartError } from '#event-log';
import { CannotStart, Closing, type Configuration, type ServiceNeeds } from '#runtime';

/** The context in which the parts of one process are opened. */
export interface Opening extends ServiceNeeds {
  readonly configuration: Configuration;
  /** Each part notes here how it is closed. */
  readonly closing: Closing;
}

/** The parts of a process that were opened together. */
export interface Opened<Parts> {
  readonly parts: Parts;
  /** Closes the parts in the opposite order of their opening. */
  readonly close: () => Promise<void>;
}

/**
 * Opens the parts of a process; what was opened is closed again when one fails.
 *
 * Throws {@link CannotStart} for what its user can put right: also where the log is kept elsewhere, or must not be
 * copied as things are.
 */
export async function openTogether<Parts>(
  configuration: Configuration,
  needs: ServiceNeeds,
  open: (opening: Opening) => Promise<Parts>,
): Promise<Opened<Parts>> {
  const closing = new Closing();
  try {
    const parts = await open({ ...needs, configuration, closing });
    return { parts, close: () => closing.close() };
  } catch (error) {
    // The failure of the start is the one to report.
    await closing.close().catch((second: unknown) => needs.logger.error({ err: second }, 'closing failed as well'));
    throw explainStart(error);
  }
}

/** The fault of a start as its user is to read it. */
export const explainStart = (error: unknown): unknown =>
  error instanceof LogStartError ? new CannotStart(error.message) : error;

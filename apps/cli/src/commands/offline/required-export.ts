import { type TrustedInputs, verifyExport } from '#audit/verifier';
import { EXIT, Failure } from '../../exit-code.js';
import { openFile } from '../../files.js';
import type { Terminal } from '../../terminal.js';

/** What is known of an export from elsewhere, and what is not done with one that does not verify. */
interface Requirement extends TrustedInputs {
  readonly refused: string;
}

/** Verifies an export before it is used. Throws a {@link Failure} that names the first bad position. */
export async function requireVerified(
  file: string,
  terminal: Terminal,
  { refused, ...known }: Requirement,
): Promise<void> {
  if (file === '-') throw new Failure(EXIT.usage, 'An export is read twice, so it must be a file, not standard input.');
  const verification = await verifyExport((await openFile(file, terminal)).chunks, known);
  if (verification.verdict === 'verified') return;
  const { position, message } = verification.fault;
  const place = position === null ? '' : ` at position ${position}`;
  throw new Failure(EXIT.differs, `The export could not be verified${place}, so ${refused}. ${message}`);
}

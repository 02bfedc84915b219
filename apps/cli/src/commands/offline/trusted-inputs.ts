import { type TrustedInputs, parseVerifierKey } from '#audit/verifier';
import { EXIT, Failure } from '../../exit-code.js';
import { readText } from '../../files.js';

/** The options that say what is known of a log from elsewhere. */
export interface TrustOptions {
  /** The text of a verifier key. */
  readonly key?: string;
  /** A file with an earlier checkpoint. */
  readonly checkpoint?: string;
}

/** Reads what is known of a log from elsewhere. Throws a {@link Failure} for a key or a file that cannot be read. */
export async function readTrusted({ key: text, checkpoint }: TrustOptions): Promise<TrustedInputs> {
  const key = text === undefined ? undefined : parseVerifierKey(text.trim());
  if (key?.ok === false) throw new Failure(EXIT.usage, `--key: ${key.message}`);
  return {
    ...(key && { key: key.value }),
    ...(checkpoint === undefined ? {} : { checkpoint: await readText(checkpoint) }),
  };
}

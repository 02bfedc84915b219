/** A signature, and what it is to be over. */
export interface SignedMessage {
  /** 32 bytes, Ed25519. */
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** A question that a check has for cryptography. */
export type CryptoQuestion =
  | { readonly kind: 'hash'; readonly bytes: Uint8Array }
  | { readonly kind: 'signature'; readonly signed: SignedMessage };

/** The answer to a question: 32 bytes of SHA-256, or whether the signature is right. */
export type CryptoAnswer = Uint8Array | boolean;

/**
 * A check that asks a hash or a signature at a time, and goes on with the answer.
 *
 * So each check is written once, whether hashing answers at once, as in Node, or later, as in browsers. Not to be taken
 * for its result: {@link runSteps} or {@link awaitSteps} gives that, or `yield*` within another check.
 */
export type CheckSteps<Result> = Generator<CryptoQuestion, Result, CryptoAnswer>;

/** What answers the questions of checks, at once or later. */
export interface Cryptography {
  /** SHA-256. */
  readonly hash: (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;
  /** True when the Ed25519 signature is that of the key over the message (RFC 8032). */
  readonly verify: (signed: SignedMessage) => boolean | Promise<boolean>;
}

/** What answers the questions of checks at once. */
export interface SyncCryptography extends Cryptography {
  readonly hash: (bytes: Uint8Array) => Uint8Array;
  readonly verify: (signed: SignedMessage) => boolean;
}

/** Asks for the SHA-256 of bytes. */
export function* hashStepwise(bytes: Uint8Array): CheckSteps<Uint8Array> {
  const answer = yield { kind: 'hash', bytes };
  if (typeof answer === 'boolean') throw new TypeError('A hash is 32 bytes.');
  return answer;
}

const SIGNATURE_BYTES = 64;

/** Asks whether a signature is right; one of another length is not. */
export function* verifyStepwise(signed: SignedMessage): CheckSteps<boolean> {
  return signed.signature.length === SIGNATURE_BYTES && (yield { kind: 'signature', signed }) === true;
}

/** Runs a check to its end. */
export function runSteps<Result>(steps: CheckSteps<Result>, cryptography: SyncCryptography): Result {
  let step = steps.next();
  while (step.done !== true) step = steps.next(answerOf(step.value, cryptography));
  return step.value;
}

/** Runs a check to its end, waiting for what answers later. */
export async function awaitSteps<Result>(steps: CheckSteps<Result>, cryptography: Cryptography): Promise<Result> {
  let step = steps.next();
  while (step.done !== true) {
    const answer = askCryptography(step.value, cryptography);
    // An answer that is there costs no turn of the event loop: an answer with its proof asks for thousands.
    step = steps.next(answer instanceof Promise ? await answer : answer);
  }
  return step.value;
}

const answerOf = (question: CryptoQuestion, { hash, verify }: SyncCryptography): CryptoAnswer =>
  question.kind === 'hash' ? hash(question.bytes) : verify(question.signed);

const askCryptography = (
  question: CryptoQuestion,
  { hash, verify }: Cryptography,
): CryptoAnswer | Promise<CryptoAnswer> => (question.kind === 'hash' ? hash(question.bytes) : verify(question.signed));

import {
  type AnswerVerification,
  type TrustedInputs,
  readStrictJson,
  verifyAnswer,
  verifyExport,
} from '#audit/verifier';
import type { DefineCommand } from '../../define-command.js';
import { EXIT, type ExitCode, Failure } from '../../exit-code.js';
import { type OpenFile, openFile } from '../../files.js';
import { ProgressLine } from '../../progress.js';
import { renderDocument } from '../../render/document.js';
import { type OutputOptions, addOutputOptions, withOutput } from '../../render/formats.js';
import type { Terminal } from '../../terminal.js';
import { type TrustOptions, readTrusted } from './trusted-inputs.js';
import { type AnyVerification, verdictView } from './verify-output.js';
import { proofKindOf, verifyProof } from './verify-proofs.js';

interface Options extends OutputOptions, TrustOptions {
  readonly later?: string;
}

/** The most bytes of an answer, which is read as a whole. */
const ANSWER_LIMIT_BYTES = 256 * 1_048_576;

export const defineVerify: DefineCommand = (command, terminal, done) => {
  command
    .argument(
      '<file>',
      'an export, an answer with proof=true, a checkpoint, a .tlog-proof, a proof of inclusion or of consistency; - is standard input',
    )
    .option('--key <vkey>', 'the key that must have signed it, obtained independently of the file')
    .option(
      '--checkpoint <file>',
      'an earlier checkpoint, with which an export must be consistent; the one that a proof is about',
    )
    .option('--later <file>', 'with a proof of consistency: the later checkpoint')
    .action(async (file: string, options: Options) => done(await verify(file, options, terminal)));
  addOutputOptions(command);
};

async function verify(file: string, options: Options, terminal: Terminal): Promise<ExitCode> {
  const known = await readTrusted(options);
  const opened = await openFile(file, terminal);
  const progress = new ProgressLine(terminal, 'bytes');
  const chunks = reportProgress(opened, progress)[Symbol.asyncIterator]();
  const first = await chunks.next();
  const all = prepend(first, chunks);
  const verification = await verifyAny(first.done === true ? new Uint8Array() : first.value, all, { options, known });
  progress.end();
  await withOutput(terminal, options, (output) => renderDocument(verdictView(verification), output));
  return verification.verdict === 'verified' ? EXIT.ok : EXIT.differs;
}

interface Given {
  readonly options: Options;
  readonly known: TrustedInputs;
}

async function verifyAny(
  first: Uint8Array,
  all: AsyncIterable<Uint8Array>,
  { options, known }: Given,
): Promise<AnyVerification> {
  const kind = proofKindOf(beginningOf(first));
  if (kind !== undefined) return verifyProof(kind, await readWhole(all), options);
  return isAnswer(first) ? verifyAnswerIn(await readWhole(all), options, known) : verifyExport(all, known);
}

async function* reportProgress({ chunks, bytes: of }: OpenFile, progress: ProgressLine): AsyncGenerator<Uint8Array> {
  let count = 0;
  for await (const chunk of chunks) {
    yield chunk;
    count += chunk.length;
    progress.report(of === undefined ? { count } : { count, of });
  }
}

async function* prepend(
  first: IteratorResult<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    for (let next = first; next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

const BEGIN_BYTES = 200;

/** True if a file begins like an answer; everything else is verified as an export. */
const isAnswer = (chunk: Uint8Array): boolean =>
  /^\s*\{\s*"(?:policy"|items"|changes"|(?:from|to)"\s*:\s*\{|format"\s*:\s*"policy-timeline-answer")/.test(
    beginningOf(chunk),
  );

const beginningOf = (chunk: Uint8Array): string => Buffer.from(chunk.subarray(0, BEGIN_BYTES)).toString('latin1');

async function readWhole(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    length += chunk.length;
    if (length > ANSWER_LIMIT_BYTES)
      throw new Failure(EXIT.usage, `An answer can have at most ${ANSWER_LIMIT_BYTES} bytes; this file is longer.`);
  }
  return Buffer.concat(parts);
}

function verifyAnswerIn(bytes: Uint8Array, { checkpoint }: Options, { key }: TrustedInputs): AnswerVerification {
  if (checkpoint !== undefined)
    throw new Failure(
      EXIT.usage,
      '--checkpoint applies to exports only. GET /v1/audit/proof/consistency shows whether an answer is consistent with an earlier checkpoint.',
    );
  const json = readStrictJson(bytes);
  if (json.ok) return verifyAnswer(json.value, key);
  return { verdict: 'not-verified', fault: { reason: 'answer-unreadable', position: null, message: json.message } };
}

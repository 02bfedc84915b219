import type { AnswerVerification, Verification } from '#audit/verifier';
import type { DocumentView } from '../../render/document.js';
import { formOf } from '../../render/form.js';
import type { AnswerOutput } from '../../render/formats.js';
import type { ListRow } from '../../service/pages.js';
import type { ProofVerification } from './verify-proofs.js';

/** The outcome for whatever was verified. */
export type AnyVerification = Verification | AnswerVerification | ProofVerification;

type Verified = Extract<AnyVerification, { verdict: 'verified' }>;
type NotVerified = Extract<AnyVerification, { verdict: 'not-verified' }>;

/** A verdict to be written; rows are one for each sentence, or one for the fault. */
export const verdictView = (verification: AnyVerification): DocumentView => ({
  document: toJson(verification),
  form: formOf(['verdict', 'subject', 'about', 'reason', 'position', 'line', 'message']),
  rows: verification.verdict === 'verified' ? sentenceRows(verification) : [faultRow(verification)],
  lines: (paint) =>
    verification.verdict === 'verified' ? verifiedLines(verification, paint) : faultLines(verification, paint),
});

/** Hashes in base64, as everywhere. */
function toJson(verification: AnyVerification): object {
  if (verification.verdict === 'not-verified' || !('checkpoint' in verification)) return verification;
  const { origin, size, root } = verification.checkpoint;
  return { ...verification, checkpoint: { origin, size, root: Buffer.from(root).toString('base64') } };
}

function sentenceRows(verification: Verified): readonly ListRow[] {
  const [verdict, subject] = [verification.verdict, subjectOf(verification)];
  const { proven, unproven } = verification;
  return [
    ...proven.map((message) => ({ verdict, subject, about: 'proven', message })),
    ...unproven.map((message) => ({ verdict, subject, about: 'not proven', message })),
  ];
}

const faultRow = ({ verdict, fault }: NotVerified): ListRow => ({ verdict, about: 'fault', ...fault });

function verifiedLines(verification: Verified, paint: AnswerOutput['paint']): readonly string[] {
  const { proven, unproven } = verification;
  return [
    `${paint('green', 'verified')} ${subjectOf(verification)}`,
    ...('vkey' in verification ? [`signed with ${verification.vkey}`] : []),
    'proven:',
    ...proven.map((sentence) => `  ${sentence}`),
    'not proven:',
    ...unproven.map((sentence) => paint('dim', `  ${sentence}`)),
  ];
}

function subjectOf(verification: Verified): string {
  if ('subject' in verification) return verification.subject;
  if ('policy' in verification) {
    const { policy, question, at, checkpoint } = verification;
    const what = question === undefined ? policy : `${policy}, its ${question},`;
    return `${what} at position ${at.recorded}, known ${at.knownAt}, valid ${at.validAt}, of ${checkpoint.origin} at size ${checkpoint.size}`;
  }
  const { origin, size, root, streams } = verification;
  return `${origin}: ${size} entries in ${streams} streams, root ${root}`;
}

function faultLines({ fault }: NotVerified, paint: AnswerOutput['paint']): readonly string[] {
  const places = [
    ...(fault.position === null ? [] : [`position ${fault.position}`]),
    ...('line' in fault && fault.line !== null ? [`line ${fault.line}`] : []),
  ];
  return [
    `${paint('red', 'not verified')}${places.length > 0 ? ` at ${places.join(', ')}` : ''}: ${fault.reason}`,
    `  ${fault.message}`,
  ];
}

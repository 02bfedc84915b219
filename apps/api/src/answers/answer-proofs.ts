import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { AnswerDocument, Audit } from '#audit';
import { type Instant, parseInstant, position } from '#domain';
import type { ShownCoordinate } from '../http/response/frame.js';
import { Refusal } from '../http/problems/refusal.js';
import { AUDIT } from '../tokens.js';

/** How long an answer waits for the entries on which it depends to be signed. */
const SIGNED_LIMIT_MS = 5_000;

/** Proves state answers. */
@Injectable()
export class AnswerProofs {
  constructor(@Inject(AUDIT) private readonly audit: Audit) {}

  /** Proves an answer; throws a refusal if the log is not signed up to its coordinate. */
  async of(
    { policy, coordinate }: { readonly policy: string; readonly coordinate: ShownCoordinate },
    reply: FastifyReply,
  ): Promise<AnswerDocument> {
    // The answer is permanent, but its proof ends at the signed size, so the tag is computed from the bytes.
    reply.removeHeader('etag').removeHeader('cache-control');
    const recorded = position(coordinate.recordedAt.position);
    await this.audit.record.waitForSize(recorded, SIGNED_LIMIT_MS);
    const at = { recorded, knownAt: instantOf(coordinate.knownAt), validAt: instantOf(coordinate.validAt) };
    const proof = await this.audit.record.answerProof({ policy, at });
    if (proof.outcome === 'proven') return proof.answer;
    if (proof.outcome === 'too-long')
      throw new Refusal('answer-too-large', {
        detail:
          'The proof has every entry of the policy and would exceed the size limit of an answer. Use GET /v1/audit/export: ptl verify and ptl replay prove the same from the whole log.',
      });
    throw new Refusal('not-caught-up', {
      detail: `The log is signed up to position ${proof.signed}, not ${recorded} yet. Try again; GET /readyz shows the state of the audit.`,
      headers: { 'retry-after': '1' },
    });
  }
}

function instantOf(text: string): Instant {
  const at = parseInstant(text);
  if (at === undefined) throw new Error(`"${text}" is not an instant, although an answer contains it.`);
  return at;
}

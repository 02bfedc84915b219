import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { AnswerDocument, Audit, Question } from '#audit';
import { type Instant, parseInstant, position } from '#domain';
import type { Framed, FramedDifference, ShownCoordinate } from '../http/response/frame.js';
import { Refusal } from '../http/problems/refusal.js';
import { invalidParameter } from '../http/request/query-string.js';
import { AUDIT } from '../tokens.js';
import { provenPolicy } from './provable.js';

/** How long an answer waits for the entries on which it depends to be signed. */
const SIGNED_LIMIT_MS = 5_000;

/** What is to be proven: the state of a policy, or the answer to a question about it. */
interface Proven {
  readonly policy: string;
  readonly coordinate: ShownCoordinate;
  readonly question?: Question;
  /** Of a list: the rows that are shown of it. */
  readonly items?: readonly object[];
}

type List = Framed & { readonly items: readonly object[] };

/** A list to which its proof is to be added, if it is asked for. */
interface ProvenList<Answer> {
  readonly asked: { readonly reply: FastifyReply; readonly query: { readonly proof: boolean } };
  /** Undefined when the reply is complete without a body. */
  readonly answer: Answer | Readable | undefined;
  readonly policy: string | undefined;
  readonly question: Question;
}

/** Proves answers about one policy. */
@Injectable()
export class AnswerProofs {
  constructor(@Inject(AUDIT) private readonly audit: Audit) {}

  /** Proves an answer; throws a refusal if the log is not signed up to its coordinate. */
  async of({ policy, coordinate, question, items }: Proven, reply: FastifyReply): Promise<AnswerDocument> {
    // The answer is permanent, but its proof ends at the signed size, so the tag is computed from the bytes.
    reply.removeHeader('etag').removeHeader('cache-control');
    const at = pointOf(coordinate);
    await this.audit.record.waitForSize(at.recorded, SIGNED_LIMIT_MS);
    const proof = await this.audit.record.answerProof({ policy, at, question, items });
    switch (proof.outcome) {
      case 'proven':
        return proof.answer;
      case 'too-long':
        throw new Refusal('answer-too-large', {
          detail:
            'The proof has every entry of the policy and would exceed the size limit of an answer. Use GET /v1/audit/export: ptl verify and ptl replay prove the same from the whole log.',
        });
      case 'no-entries':
        throw slugWanted('no policy has that slug');
      case 'not-signed-yet':
        throw new Refusal('not-caught-up', {
          detail: `The log is signed up to position ${proof.signed}, not ${at.recorded} yet. Try again; GET /readyz shows the state of the audit.`,
          headers: { 'retry-after': '1' },
        });
    }
  }

  /** Adds its proof to a list about one policy, if it is asked for. */
  async addToList<Answer extends List>({
    asked,
    answer,
    policy: named,
    question,
  }: ProvenList<Answer>): Promise<Answer | Readable | (Answer & { readonly proof: AnswerDocument }) | undefined> {
    if (!asked.query.proof || answer === undefined || !('items' in answer)) return answer;
    const policy = provenPolicy(named);
    const { items, coordinate } = answer;
    const other = items.flatMap((item) => ('policy' in item && item.policy !== policy ? [String(item.policy)] : []));
    if (other[0] !== undefined) throw slugWanted(`${policy} is an alias of ${other[0]}`);
    return { ...answer, proof: await this.of({ policy, coordinate, question, items }, asked.reply) };
  }

  /** Proves what differs in one policy between two coordinates. */
  ofDifference(
    { policy, answer: { from, to } }: { readonly policy: string; readonly answer: FramedDifference },
    reply: FastifyReply,
  ): Promise<AnswerDocument> {
    const { recordedAt, knownAt, validAt } = from;
    const question: Question = { of: 'difference', from: { recorded: recordedAt.position, knownAt, validAt } };
    return this.of({ policy, coordinate: to, question }, reply);
  }
}

const slugWanted = (why: string): Refusal =>
  invalidParameter(
    'policy',
    `policy: ${why}. An answer with its proof names the policy by its slug: see /v1/policies.`,
  );

const pointOf = ({ recordedAt, knownAt, validAt }: ShownCoordinate) => ({
  recorded: position(recordedAt.position),
  knownAt: instantOf(knownAt),
  validAt: instantOf(validAt),
});

function instantOf(text: string): Instant {
  const at = parseInstant(text);
  if (at === undefined) throw new Error(`"${text}" is not an instant, although an answer contains it.`);
  return at;
}

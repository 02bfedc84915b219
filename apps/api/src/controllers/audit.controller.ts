import { Readable } from 'node:stream';
import { Controller, Inject, Param } from '@nestjs/common';
import { z } from 'zod';
import { type Audit, type ProofRefusal, type TreeState, TILE_WIDTH, parseTilePath, selfCheckReport } from '#audit';
import { CheckedRequest, type CheckedRequestOf } from '../http/request/checked-request.js';
import { noQuery } from '../http/request/parameters.js';
import { entityTag } from '../http/response/entity-tags.js';
import { Freshness } from '../http/freshness.js';
import { showSigning, signingSchema } from '../health/signing.js';
import { invalidParameter } from '../http/request/query-string.js';
import { Refusal } from '../http/problems/refusal.js';
import { Route } from '../openapi/route.js';
import { AUDIT } from '../tokens.js';

const PLAIN = 'text/plain; charset=utf-8';
const BYTES = 'application/octet-stream';
const NDJSON = 'application/x-ndjson';

/** A full tile is the same for ever, a partial one as long as anybody asks for it. */
const FOR_EVER = 'public, max-age=31536000, immutable';
const FOR_A_WHILE = 'public, max-age=300';

const LONGEST_NAME = 200;

const sizeParameter = (description: string) =>
  z
    .string('must be given')
    .regex(/^(0|[1-9]\d{0,14})$/, 'must be a number of entries: a whole number, at least 0')
    .transform(Number)
    .meta({ description });

const inclusionQuery = z.object({
  event: z.string('must be given: the id or key of an event').max(LONGEST_NAME, 'is longer than any key can be').meta({
    description: 'Id or key of an event, registrations included.',
  }),
  size: sizeParameter(
    'Size of the tree, at most the size in the checkpoint. Default: the size in the checkpoint.',
  ).optional(),
});

const tlogProofQuery = inclusionQuery.pick({ event: true });

const consistencyQuery = z.object({
  from: sizeParameter('Size of the earlier tree.'),
  to: sizeParameter('Size of the later tree. Default: the size in the checkpoint.').optional(),
});

const exportQuery = z.object({
  to: sizeParameter('Last position to export. Default: the last signed position.').optional(),
});

const hash = z.string().meta({ description: 'SHA-256 in base64.' });

const inclusionAnswer = z
  .object({
    index: z.int(),
    size: z.int(),
    leafHash: hash,
    hashes: z.array(hash),
    root: hash,
    entry: z.string().meta({ description: 'The leaf: the stored canonical JSON, byte for byte.' }),
  })
  .meta({ id: 'InclusionProof' });

const consistencyAnswer = z
  .object({
    from: z.int(),
    to: z.int(),
    hashes: z.array(hash),
    fromRoot: hash,
    toRoot: hash,
  })
  .meta({ id: 'ConsistencyProof' });

const exportLine = z.looseObject({}).meta({
  description: 'The header, the hashes of up to 256 leaves, one entry, or at the end the signed checkpoint.',
});

const selfCheckAnswer = selfCheckReport
  .extend({
    /** `ok` only where a whole pass and a comparison of rows are younger than `staleAfterMs` and nothing was found. */
    status: z.enum(['ok', 'stale', 'found']),
    message: z.string().meta({ description: 'Why, in a sentence.' }),
    staleAfterMs: z.number().meta({ description: 'A pass that ended longer ago says nothing of now.' }),
    follower: signingSchema,
  })
  .meta({ id: 'SelfCheck', description: 'What the service finds when it checks itself.' });

/** How long a reader waits until what this process has acknowledged is signed. */
const SIGNED_LIMIT_MS = 5_000;

/** The log as a Merkle tree that anyone can check: signed checkpoints, tiles, proofs, and the export. */
@Controller()
export class AuditController {
  constructor(
    @Inject(AUDIT) private readonly audit: Audit,
    private readonly freshness: Freshness,
  ) {}

  @Route('GET', '/v1/audit/checkpoint', {
    role: 'reader',
    summary: 'The latest signed checkpoint',
    description: 'C2SP tlog-checkpoint in a signed note; the extension line is the digest of the ends of all streams.',
    query: noQuery,
    answers: [{ status: 200, description: 'The signed note.', schema: z.string(), type: 'text/plain' }],
    refusals: ['not-signed'],
  })
  async checkpoint(@CheckedRequest(noQuery) { reply }: CheckedRequestOf<typeof noQuery>): Promise<string> {
    const { checkpoint } = await this.waitUntilSigned();
    if (!checkpoint) throw notSigned();
    reply.type(PLAIN);
    return checkpoint.note;
  }

  @Route('GET', '/v1/audit/public-key', {
    role: 'reader',
    summary: 'The key with which checkpoints are verified',
    query: noQuery,
    answers: [{ status: 200, description: 'C2SP vkey.', schema: z.string(), type: 'text/plain' }],
  })
  publicKey(@CheckedRequest(noQuery) { reply }: CheckedRequestOf<typeof noQuery>): string {
    reply.type(PLAIN);
    return `${this.audit.vkey}\n`;
  }

  @Route('GET', '/v1/audit/tile/*', {
    role: 'reader',
    summary: 'A tile of the tree, or a bundle of entries',
    description:
      '`{L}/{N…}[.p/{W}]` or `entries/{N…}[.p/{W}]` (C2SP tlog-tiles), like `0/x001/234` or `entries/000.p/57`.',
    query: noQuery,
    answers: [{ status: 200, description: 'Hashes, or entries.', schema: z.string(), type: BYTES }],
    refusals: ['invalid-tile', 'unknown-tile'],
  })
  async tile(
    @Param('*') path: string,
    @CheckedRequest(noQuery) asked: CheckedRequestOf<typeof noQuery>,
  ): Promise<Uint8Array | undefined> {
    const name = parseTilePath(path);
    if (!name) throw invalidTile(path);
    const { width } = name.kind === 'tile' ? name.tile : name.bundle;
    const tag = entityTag(this.audit.vkey, path);
    const bytes =
      name.kind === 'tile' ? await this.audit.record.tile(name.tile) : await this.audit.record.bundle(name.bundle);
    if (!bytes)
      throw new Refusal('unknown-tile', {
        detail: `The signed log has no tile ${path} yet. GET /v1/audit/checkpoint shows its size.`,
      });
    asked.reply
      .header('etag', tag)
      .header('cache-control', width === TILE_WIDTH ? FOR_EVER : FOR_A_WHILE)
      .type(BYTES);
    return bytes;
  }

  @Route('GET', '/v1/audit/proof/inclusion', {
    role: 'reader',
    summary: 'Proof that an event is in the log',
    query: inclusionQuery,
    answers: [{ status: 200, description: 'RFC 9162 inclusion proof.', schema: inclusionAnswer }],
    refusals: ['unknown-event', 'not-signed'],
  })
  async inclusion(
    @CheckedRequest(inclusionQuery) { query: { event, size } }: CheckedRequestOf<typeof inclusionQuery>,
  ): Promise<z.output<typeof inclusionAnswer>> {
    await this.waitUntilSigned();
    const proof = await this.audit.record.inclusion(event, size);
    if (proof.outcome !== 'proven') throw proofRefusal(proof, 'size');
    const { leafHash, hashes, root, ...rest } = proof.answer;
    return { ...rest, leafHash: base64(leafHash), hashes: hashes.map(base64), root: base64(root) };
  }

  @Route('GET', '/v1/audit/proof/inclusion.tlog-proof', {
    role: 'reader',
    summary: 'Proof that an event is in the log, with the checkpoint, as one file',
    description:
      'C2SP tlog-proof against the newest checkpoint. Its extra data is the entry, so the file and the key of the log are all that a verifier needs: `ptl verify FILE --key KEY`, in a clone of the repository.',
    query: tlogProofQuery,
    answers: [{ status: 200, description: 'The proof.', schema: z.string(), type: 'text/plain' }],
    refusals: ['unknown-event', 'not-signed'],
  })
  async tlogProof(
    @CheckedRequest(tlogProofQuery) { query: { event }, reply }: CheckedRequestOf<typeof tlogProofQuery>,
  ): Promise<string> {
    await this.waitUntilSigned();
    const proof = await this.audit.record.tlogProof(event);
    if (proof.outcome !== 'proven') throw proofRefusal(proof, 'event');
    const { index, text } = proof.answer;
    reply.type(PLAIN).header('content-disposition', `attachment; filename="policy-timeline-${index + 1}.tlog-proof"`);
    return text;
  }

  @Route('GET', '/v1/audit/proof/consistency', {
    role: 'reader',
    summary: 'Proof that the log at one size is the beginning of the log at another',
    query: consistencyQuery,
    answers: [{ status: 200, description: 'RFC 9162 consistency proof.', schema: consistencyAnswer }],
    refusals: ['not-signed'],
  })
  async consistency(
    @CheckedRequest(consistencyQuery) { query: { from, to } }: CheckedRequestOf<typeof consistencyQuery>,
  ): Promise<z.output<typeof consistencyAnswer>> {
    if (to !== undefined && from > to)
      throw invalidParameter('from', `from (${from}) must not be greater than to (${to}).`);
    const { size } = await this.waitUntilSigned();
    const proof = await this.audit.record.consistency(from, to);
    if (proof.outcome !== 'proven') throw proofRefusal(proof, from > size ? 'from' : 'to');
    const { hashes, fromRoot, toRoot, ...rest } = proof.answer;
    return { ...rest, hashes: hashes.map(base64), fromRoot: base64(fromRoot), toRoot: base64(toRoot) };
  }

  @Route('GET', '/v1/audit/export', {
    role: 'reader',
    summary: 'The log as one self-verifying file',
    description:
      'Header, entries with the hashes of their leaves, and signed checkpoint: `ptl verify`, in a clone of the repository, verifies it. If the requested size was not signed, the next checkpoint follows at the end, with the proof that its tree begins with these entries. Nothing is signed or stored for the export.',
    query: exportQuery,
    answers: [{ status: 200, description: 'One line per item.', schema: exportLine, type: NDJSON }],
    refusals: ['not-signed'],
  })
  async export(
    @CheckedRequest(exportQuery) { query: { to }, reply }: CheckedRequestOf<typeof exportQuery>,
  ): Promise<Readable> {
    await this.waitUntilSigned();
    const exported = await this.audit.record.export(to);
    switch (exported.outcome) {
      case 'exported':
        reply
          .type(NDJSON)
          .header('cache-control', 'no-store')
          .header('content-disposition', `attachment; filename="policy-timeline-${exported.size}.ndjson"`);
        return Readable.from(exported.lines, { objectMode: false });
      default:
        throw proofRefusal(exported, 'to');
    }
  }

  @Route('GET', '/v1/audit/self-check', {
    role: 'reader',
    summary: 'The findings of the self-check',
    description:
      'In the background the service rehashes the stored log in repeated passes, compares every row of every read model with what the log gives, policy by policy, and compares both engines at random coordinates. `shareADay` is the share of the rows compared per day.',
    query: noQuery,
    answers: [{ status: 200, description: 'Progress, the last full pass, findings.', schema: selfCheckAnswer }],
  })
  async selfCheck(
    @CheckedRequest(noQuery) _asked: CheckedRequestOf<typeof noQuery>,
  ): Promise<z.output<typeof selfCheckAnswer>> {
    const { report, status, verdict } = await this.audit.health();
    return { ...verdict, ...report, follower: showSigning(status) };
  }

  /** Everything that this process has acknowledged, signed; after 5 s what is. */
  private waitUntilSigned(): Promise<TreeState> {
    return this.audit.record.waitForSize(this.freshness.acknowledgedUpTo, SIGNED_LIMIT_MS);
  }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const notSigned = (): Refusal =>
  new Refusal('not-signed', {
    detail: 'No checkpoint is signed yet. Try again; GET /readyz shows the state of the audit.',
    headers: { 'retry-after': '1' },
  });

const invalidTile = (path: string): Refusal =>
  new Refusal('invalid-tile', {
    detail: `"${path}" does not name a tile.`,
    errors: [
      {
        pointer: '/path',
        code: 'invalid-tile',
        message:
          'A tile is {L}/{N…}[.p/{W}], a bundle entries/{N…}[.p/{W}]: groups of three digits, all but the last after an x; W from 1 to 255.',
      },
    ],
  });

function proofRefusal(refusal: ProofRefusal, parameter: string): Refusal {
  switch (refusal.outcome) {
    case 'nothing-signed':
      return notSigned();
    case 'unknown-event':
      return new Refusal('unknown-event', { detail: 'No event in the log has this id or key. Check its spelling.' });
    case 'beyond-signed':
      return invalidParameter(
        parameter,
        `${parameter}: the log is signed only up to ${refusal.signed}. Give at most that.`,
      );
    case 'not-in-size':
      return invalidParameter(
        parameter,
        `${parameter}: the event is at position ${refusal.index + 1}, so the size must be at least that.`,
      );
  }
}

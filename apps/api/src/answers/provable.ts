import type { FastifyRequest } from 'fastify';
import { invalidParameter } from '../http/request/query-string.js';
import { type TableQuery, askedFormat } from './asked-table.js';

/** What a request asks for besides a proof. */
interface Asked {
  readonly request: FastifyRequest;
  readonly query: TableQuery & {
    readonly proof: boolean;
    readonly shape?: string;
    readonly without?: unknown;
  };
}

/** Why there is no proof with some parameters, by their names. */
type Reasons = Readonly<Record<string, string | undefined>>;

/**
 * Refuses a proof that cannot be given: of a file, of a part of the columns, without some events, and for the reasons
 * that are given, by the parameter that they are about.
 */
export function refuseUnprovable({ request, query }: Asked, reasons: Reasons = {}): void {
  if (!query.proof) return;
  const { without, shape, columns } = query;
  const all: Reasons = {
    proof:
      without !== undefined
        ? 'An answer without some events has no proof: leave out proof, or without.'
        : askedFormat(request, query) !== 'json'
          ? 'proof: a file has no place for a proof. Ask for JSON.'
          : undefined,
    shape:
      shape === undefined || shape === 'page'
        ? undefined
        : `shape=${shape} has no place for a proof: leave it out, or proof.`,
    columns: columns === undefined ? undefined : 'columns: a proof is about whole rows. Leave it out, or proof.',
    ...reasons,
  };
  for (const [name, reason] of Object.entries(all)) if (reason !== undefined) throw invalidParameter(name, reason);
}

/** The same for a list of all policies, which has a proof only where it is of one. */
export function refuseUnprovableList(
  asked: Asked & { readonly query: { readonly policy?: string | undefined } },
  reasons: Reasons = {},
): void {
  refuseUnprovable(asked, reasons);
  if (asked.query.proof) provenPolicy(asked.query.policy);
}

/** The one policy that a list is of; refuses a proof of any other. */
export function provenPolicy(policy: string | undefined): string {
  if (policy !== undefined && !policy.includes(',')) return policy;
  throw invalidParameter(
    'policy',
    'policy: a proof has all entries of one policy. Name one, or leave out proof: an export of the log (GET /v1/audit/export) shows what follows for several, see ptl ask.',
  );
}

/** Why a list that other policies, or a search, play a part in has no proof. */
export const UNPROVABLE = {
  recordedBy:
    'recordedBy: who recorded an event is told to recorders and operators alone, and a proof is the same for all. Leave it out, or proof.',
  q: 'q: what a search finds cannot be proven by the entries alone. Leave it out, or proof.',
  scope: 'scope=any lists events of other policies, and a proof is about one: leave it out, or proof.',
  conflicting:
    'conflicting: figures of other policies play a part in it, and a proof is about one. Leave it out, or proof.',
  superseded:
    'superseded: events of other policies play a part in it, and a proof is about one. Leave it out, or proof.',
} as const;

import { type Principal, type Role, reachesRole } from '#access';
import { isWrite } from '../request/methods.js';
import type { Arrival } from './arrival.js';
import { remoteReason } from './loopback.js';

/** The role that a route needs; `anyone` may ask for what is no secret, like whether the process is alive. */
export type NeededRole = Role | 'anyone';

/** Who sends a request, and by which rules that is judged. */
export interface Asking {
  /** Undefined for a request without a key or token. */
  readonly principal: Principal | undefined;
  /** What a write must bring besides, of whoever is signed in to the page. */
  readonly csrfToken?: string | undefined;
  /** Whether there are any keys, or an identity provider. */
  readonly hasKeys: boolean;
  readonly reads: 'open' | 'keys';
}

/** Why a role is not enough. */
export interface RoleRefusal {
  readonly code: 'key-missing' | 'role-too-low' | 'writes-closed';
  readonly detail: string;
}

/**
 * The role of whoever sends a request; undefined for none at all.
 *
 * While there are no keys, programs on this machine may do everything: who can start them can also read the database.
 */
export function roleOf(arrival: Arrival, { principal, hasKeys, reads }: Asking): Role | undefined {
  if (principal !== undefined) return principal.role;
  if (!hasKeys && remoteReason(arrival) === undefined) return 'operator';
  return reads === 'open' ? 'reader' : undefined;
}

/** Why a request may not do what needs a role; undefined if it may. */
export function judgeRole(needed: NeededRole, arrival: Arrival, asking: Asking): RoleRefusal | undefined {
  if (needed === 'anyone') return undefined;
  const role = roleOf(arrival, asking);
  if (role !== undefined && reachesRole(role, needed)) return undefined;
  if (asking.principal !== undefined)
    return {
      code: 'role-too-low',
      detail: `This needs the role ${needed}; the key or token of this request has the role ${asking.principal.role}.`,
    };
  if (asking.hasKeys || (asking.reads === 'keys' && !isWrite(arrival.method)))
    return {
      code: 'key-missing',
      detail: `This needs a key or token of the role ${needed}. Send it as "Authorization: Bearer <key>", or a key as the password of Basic.`,
    };
  const reason = remoteReason(arrival) ?? 'This request has no key.';
  if (isWrite(arrival.method))
    return {
      code: 'writes-closed',
      detail: `This server accepts writes over the loopback interface only, since it has no keys. ${reason} Write from the machine on which the server runs, or make keys there: ptl keys create.`,
    };
  return {
    code: 'role-too-low',
    detail: `This needs the role ${needed}, and this server has no keys. ${reason} Ask from the machine on which the server runs, or make keys there: ptl keys create.`,
  };
}

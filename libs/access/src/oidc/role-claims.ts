import { createHash } from 'node:crypto';
import { ROLES, type Role, reachesRole } from '../roles.js';

/** The claims of a token: what a provider says of whoever holds it. */
export type TokenClaims = Readonly<Record<string, unknown>>;

/** How roles here follow from what a provider says. */
export interface RoleRules {
  /** Name of the claim; a dot leads into an object, unless a claim has the whole name. */
  readonly claim: string;
  /** The role for each value of the claim; without it, the values are the roles themselves. */
  readonly map: ReadonlyMap<string, Role> | undefined;
}

/** 128 bits: whoever records under one id is one subject of one provider. */
const ID_DIGITS = 32;

/**
 * The id of a subject of a provider: a hash, so that no name or address gets into a record.
 *
 * Subjects that are easy to guess, like mail addresses, can be found by trying.
 */
export const subjectId = (issuer: string, subject: string): string =>
  `subject-${createHash('sha256')
    .update(JSON.stringify([issuer, subject]))
    .digest('hex')
    .slice(0, ID_DIGITS)}`;

/** The highest role that the claims give; undefined if they give none. The claim is a text, or a list of them. */
export function roleInClaims(claims: TokenClaims, { claim, map }: RoleRules): Role | undefined {
  const value = claimAt(claims, claim);
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const roles = values.flatMap((each) => (typeof each === 'string' ? (roleFor(each, map) ?? []) : []));
  return roles.reduce<Role | undefined>(
    (highest, role) => (highest !== undefined && reachesRole(highest, role) ? highest : role),
    undefined,
  );
}

const roleFor = (value: string, map: RoleRules['map']): Role | undefined =>
  map === undefined ? ROLES.find((role) => role === value) : map.get(value);

/** The claim of a name, or what a path of names leads to. */
export function claimAt(claims: TokenClaims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  return name
    .split('.')
    .reduce<unknown>(
      (within, part) => (isObject(within) && Object.hasOwn(within, part) ? within[part] : undefined),
      claims,
    );
}

const isObject = (value: unknown): value is TokenClaims => typeof value === 'object' && value !== null;

import { z } from 'zod';
import { LOCAL_HOSTS, isLoopback } from '../loopback.js';

const ROLES = ['reader', 'recorder', 'operator'] as const;

/** The identity provider whose tokens are accepted, as it is configured. */
export interface OidcSettings {
  /** Its own name, which is the address below which it publishes what it is. */
  readonly issuer: string;
  /** What a token must name as meant for: this service. */
  readonly audience: string;
  /** The claim that says which role somebody has. */
  readonly roleClaim: string;
  /** The role for each value of that claim; absent means that the values are the roles. */
  readonly roleMap?: ReadonlyMap<string, (typeof ROLES)[number]>;
  /** How this service is known there, so that people can sign in to the page; absent means that they cannot. */
  readonly client?: {
    readonly id: string;
    /** Absent for a public client. */
    readonly secret?: string;
    /** What is asked for, separated by blanks. */
    readonly scope: string;
  };
}

const DEFAULT_ROLE_CLAIM = 'roles';

/** Without it, a provider says nothing of who signs in. */
const LEAST_SCOPE = 'openid';

/** The variables of the identity provider. */
export const oidcVariables = {
  OIDC_ISSUER: z
    .string()
    .refine(
      isIssuer,
      'must be the address of an identity provider like https://login.example.org, without query (http: on this machine alone)',
    )
    .optional(),
  OIDC_AUDIENCE: z.string().regex(/^\S+$/, 'must be what tokens name as their audience, without blanks').optional(),
  OIDC_ROLE_CLAIM: z.string().regex(/^\S+$/, 'must be the name of a claim, without blanks').optional(),
  OIDC_ROLE_MAP: z
    .string()
    .transform((text) => text.split(',').map(readMapping))
    .refine(
      (mappings) => mappings.every((mapping) => mapping !== undefined),
      'must be value:role for each value of the claim, separated by commas, with a role of reader, recorder, operator',
    )
    .transform((mappings) => mappings.filter((mapping) => mapping !== undefined))
    .refine(
      (mappings) => new Set(mappings.map(([value]) => value)).size === mappings.length,
      'must name each value of the claim once',
    )
    .transform((mappings) => new Map(mappings))
    .optional(),
  OIDC_CLIENT_ID: z
    .string()
    .regex(/^[\x20-\x7e]+$/, 'must be the id of a client of the provider')
    .optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_SCOPE: z
    .string()
    .refine(
      (text) => text.split(' ').includes(LEAST_SCOPE) && /^[!-~]+( [!-~]+)*$/.test(text),
      `must be scopes separated by blanks, with ${LEAST_SCOPE} among them`,
    )
    .optional(),
};

type Given = z.output<z.ZodObject<typeof oidcVariables>>;

/** Variables that need another one. */
const NEEDS = [
  ['OIDC_ISSUER', 'OIDC_AUDIENCE', 'needs OIDC_AUDIENCE, which says for whom its tokens must be meant'],
  ['OIDC_AUDIENCE', 'OIDC_ISSUER', 'is that of tokens of OIDC_ISSUER, which is not set'],
  ['OIDC_ROLE_CLAIM', 'OIDC_ISSUER', 'is a claim in tokens of OIDC_ISSUER, which is not set'],
  ['OIDC_ROLE_MAP', 'OIDC_ISSUER', 'is about tokens of OIDC_ISSUER, which is not set'],
  ['OIDC_CLIENT_ID', 'OIDC_ISSUER', 'is known to OIDC_ISSUER, which is not set'],
  ['OIDC_CLIENT_SECRET', 'OIDC_CLIENT_ID', 'is that of OIDC_CLIENT_ID, which is not set'],
  ['OIDC_SCOPE', 'OIDC_CLIENT_ID', 'is what OIDC_CLIENT_ID asks for, which is not set'],
] as const satisfies readonly (readonly [keyof Given, keyof Given, string])[];

/** What the identity provider is configured beside: where browsers reach this service. */
interface GivenAddresses {
  readonly HOST: string;
  readonly PUBLIC_URL?: string | undefined;
}

interface Issue {
  readonly path: string[];
  readonly code: 'custom';
  readonly message: string;
}

/** Reports each variable of the identity provider without the one that it needs. */
export function checkOidc(given: Given & GivenAddresses, report: (issue: Issue) => void): void {
  const complain = (name: string, message: string): void => report({ path: [name], code: 'custom', message });
  for (const [name, needed, message] of NEEDS)
    if (given[name] !== undefined && given[needed] === undefined) complain(name, message);
  const { PUBLIC_URL: publicUrl, HOST: host } = given;
  if (given.OIDC_CLIENT_ID === undefined) return;
  if (publicUrl === undefined && !isLoopback(host) && host !== 'localhost')
    complain('OIDC_CLIENT_ID', 'needs PUBLIC_URL, below which the provider sends browsers back');
  if (publicUrl !== undefined && !isIssuer(publicUrl))
    complain(
      'PUBLIC_URL',
      'must begin with https for people to sign in (OIDC_CLIENT_ID), since browsers keep no session without it',
    );
}

/** The identity provider, if one is configured. */
export function oidcSettings(given: Given): { readonly oidc?: OidcSettings } {
  const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience, OIDC_ROLE_MAP: roleMap } = given;
  if (issuer === undefined || audience === undefined) return {};
  const roleClaim = given.OIDC_ROLE_CLAIM ?? DEFAULT_ROLE_CLAIM;
  const { OIDC_CLIENT_ID: id, OIDC_CLIENT_SECRET: secret, OIDC_SCOPE: scope = LEAST_SCOPE } = given;
  return {
    oidc: {
      issuer,
      audience,
      roleClaim,
      ...(roleMap === undefined ? {} : { roleMap }),
      ...(id === undefined ? {} : { client: { id, scope, ...(secret === undefined ? {} : { secret }) } }),
    },
  };
}

/** True for a name that a provider can have (OpenID Connect Discovery 1.0, section 3). */
function isIssuer(text: string): boolean {
  if (!URL.canParse(text) || /[?#\s]/.test(text)) return false;
  const { protocol, hostname, username } = new URL(text);
  return username === '' && (protocol === 'https:' || (protocol === 'http:' && LOCAL_HOSTS.includes(hostname)));
}

const A_MAPPING = /^(.+):([a-z]+)$/;

/** Reads `value:role`; the value can have colons itself. */
function readMapping(text: string): readonly [value: string, role: (typeof ROLES)[number]] | undefined {
  const [, value = '', given] = A_MAPPING.exec(text.trim()) ?? [];
  const role = ROLES.find((each) => each === given);
  return role && [value, role];
}

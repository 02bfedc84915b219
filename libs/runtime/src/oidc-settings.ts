import { z } from 'zod';

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
}

const DEFAULT_ROLE_CLAIM = 'roles';

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
};

type Given = z.output<z.ZodObject<typeof oidcVariables>>;

/** Variables that need another one. */
const NEEDS = [
  ['OIDC_ISSUER', 'OIDC_AUDIENCE', 'needs OIDC_AUDIENCE, which says for whom its tokens must be meant'],
  ['OIDC_AUDIENCE', 'OIDC_ISSUER', 'is that of tokens of OIDC_ISSUER, which is not set'],
  ['OIDC_ROLE_CLAIM', 'OIDC_ISSUER', 'is a claim in tokens of OIDC_ISSUER, which is not set'],
  ['OIDC_ROLE_MAP', 'OIDC_ISSUER', 'is about tokens of OIDC_ISSUER, which is not set'],
] as const satisfies readonly (readonly [keyof Given, keyof Given, string])[];

/** Reports each variable of the identity provider without the one that it needs. */
export function checkOidc(
  given: Given,
  report: (issue: { path: string[]; code: 'custom'; message: string }) => void,
): void {
  for (const [name, needed, message] of NEEDS)
    if (given[name] !== undefined && given[needed] === undefined) report({ path: [name], code: 'custom', message });
}

/** The identity provider, if one is configured. */
export function oidcSettings(given: Given): { readonly oidc?: OidcSettings } {
  const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience, OIDC_ROLE_MAP: roleMap } = given;
  if (issuer === undefined || audience === undefined) return {};
  const roleClaim = given.OIDC_ROLE_CLAIM ?? DEFAULT_ROLE_CLAIM;
  return { oidc: { issuer, audience, roleClaim, ...(roleMap === undefined ? {} : { roleMap }) } };
}

const LOCAL_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** True for a name that a provider can have (OpenID Connect Discovery 1.0, section 3). */
function isIssuer(text: string): boolean {
  if (!URL.canParse(text) || /[?#\s]/.test(text)) return false;
  const { protocol, hostname, username } = new URL(text);
  return username === '' && (protocol === 'https:' || (protocol === 'http:' && LOCAL_HOSTS.has(hostname)));
}

const A_MAPPING = /^(.+):([a-z]+)$/;

/** Reads `value:role`; the value can have colons itself. */
function readMapping(text: string): readonly [value: string, role: (typeof ROLES)[number]] | undefined {
  const [, value = '', given] = A_MAPPING.exec(text.trim()) ?? [];
  const role = ROLES.find((each) => each === given);
  return role && [value, role];
}

import type pg from 'pg';
import { ProviderFault, ProviderKeys, Sessions, SignIn, type TokenRules, Tokens, readProvider } from '#access';
import { CannotStart, type Configuration, type Logger, systemClock } from '#runtime';

/** The identity provider: tokens judged by its keys, and people who sign in there. */
export interface OpenedProvider {
  readonly keys: ProviderKeys;
  readonly tokens: Tokens;
  /** Absent unless this service is a client of the provider. */
  readonly page?: { readonly signIn: SignIn; readonly sessions: Sessions };
}

interface ProviderNeeds {
  readonly pool: pg.Pool;
  readonly logger: Pick<Logger, 'warn'>;
}

/**
 * Opens the identity provider that is configured, and asks it for its keys.
 *
 * One that cannot be reached is asked again when a token comes. Throws {@link CannotStart} if what answers is not the
 * provider that is configured, which time does not mend.
 */
export async function openProvider(
  { oidc }: Pick<Configuration, 'oidc'>,
  { pool, logger }: ProviderNeeds,
): Promise<OpenedProvider | undefined> {
  if (oidc === undefined) return undefined;
  const { issuer, audience, roleClaim: claim, roleMap: map, client } = oidc;
  let first: unknown;
  const keys = new ProviderKeys({
    read: () => readProvider(issuer, fetch),
    elapsed: () => performance.now(),
    onFault: (fault) => {
      first ??= fault;
      logger.warn({ err: fault, issuer }, 'the identity provider cannot be used');
    },
  });
  await keys.readAgain();
  if (first instanceof ProviderFault && first.isMistake)
    throw new CannotStart(
      `OIDC_ISSUER must be the name of an identity provider, which describes itself below that address: ${first.message}; it is ${JSON.stringify(issuer)}.`,
    );
  const rules: TokenRules = { issuer, audience, roles: { claim, map } };
  const tokens = new Tokens({ rules, keys, now: systemClock });
  if (client === undefined) return { keys, tokens };
  return { keys, tokens, page: { signIn: new SignIn({ rules, keys, client }), sessions: new Sessions(pool, issuer) } };
}

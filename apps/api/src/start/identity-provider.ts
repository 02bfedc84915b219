import { ProviderFault, ProviderKeys, Tokens, readProvider } from '#access';
import { CannotStart, type Configuration, type Logger, systemClock } from '#runtime';

/** Where tokens are judged; undefined if no identity provider is configured. */
export interface OpenedProvider {
  readonly tokens: Tokens;
  readonly keys: ProviderKeys;
}

/**
 * Opens the identity provider that is configured, and asks it for its keys.
 *
 * One that cannot be reached is asked again when a token comes. Throws {@link CannotStart} if what answers is not the
 * provider that is configured, which time does not mend.
 */
export async function openProvider(
  { oidc }: Pick<Configuration, 'oidc'>,
  logger: Pick<Logger, 'warn'>,
): Promise<OpenedProvider | undefined> {
  if (oidc === undefined) return undefined;
  const { issuer, audience, roleClaim: claim, roleMap: map } = oidc;
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
  return { keys, tokens: new Tokens({ rules: { issuer, audience, roles: { claim, map } }, keys, now: systemClock }) };
}

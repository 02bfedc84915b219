import { createLocalJWKSet } from 'jose';

/** What an identity provider publishes of itself (OpenID Connect Discovery 1.0, section 3). */
export interface ProviderMetadata {
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly [name: string]: unknown;
}

/** A provider as it answered last: what it publishes of itself, and the keys by which it signs. */
export interface PublishedProvider {
  readonly metadata: ProviderMetadata;
  readonly findKey: ReturnType<typeof createLocalJWKSet>;
}

/** Why a provider could not be read: `mistake` is one of the configuration, which time does not mend. */
export class ProviderFault extends Error {
  override readonly name = 'ProviderFault';

  constructor(
    message: string,
    readonly isMistake: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** How a provider is asked. */
export type FetchPublished = (address: string, options: RequestInit) => Promise<Response>;

const TIMEOUT_MS = 5_000;

/** Reads what a provider publishes of itself, and its keys. Throws {@link ProviderFault}. */
export async function readProvider(issuer: string, fetchPublished: FetchPublished): Promise<PublishedProvider> {
  const metadata = await readObject(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, fetchPublished);
  const { issuer: named, jwks_uri: keysAddress } = metadata;
  if (named !== issuer)
    throw new ProviderFault(`the provider there calls itself ${JSON.stringify(named ?? null)}`, true);
  if (typeof keysAddress !== 'string' || !isProviderAddress(keysAddress))
    throw new ProviderFault('the provider there names no address of its keys that can be used (jwks_uri)', true);
  const { keys } = await readObject(keysAddress, fetchPublished);
  if (!Array.isArray(keys)) throw new ProviderFault(`${keysAddress} does not answer keys`, true);
  const findKey = createLocalJWKSet({ keys: keys.filter(isPublicKey) });
  return { metadata: { ...metadata, issuer, jwks_uri: keysAddress }, findKey };
}

/** True for an address that a provider may have: by TLS, or on this machine. */
export function isProviderAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (username !== '' || password !== '' || hash !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && LOCAL_HOSTS.has(hostname));
}

const LOCAL_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

async function readObject(address: string, fetchPublished: FetchPublished): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetchPublished(address, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw new ProviderFault(`${address} cannot be reached`, false, { cause });
  });
  if (!response.ok) {
    await response.body?.cancel();
    const isMissing = response.status >= 400 && response.status < 500;
    throw new ProviderFault(`${address} answers ${response.status}`, isMissing);
  }
  const read: unknown = await response.json().catch((cause: unknown) => {
    throw new ProviderFault(`${address} does not answer JSON`, true, { cause });
  });
  if (!isRecord(read)) throw new ProviderFault(`${address} does not answer a JSON object`, true);
  return read;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface PublicKey {
  readonly kty: string;
}

/** True for a key in the form of RFC 7517 that holds no secret. */
const isPublicKey = (value: unknown): value is PublicKey =>
  isRecord(value) && typeof value['kty'] === 'string' && value['kty'] !== 'oct' && value['d'] === undefined;

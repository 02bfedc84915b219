import { describe, expect, it } from '@jest/globals';
import { containsKey, hashKey, keyIdIn, redactKeys, writeKey } from './key-text.js';
import { type KeySnapshot, Keyring, type StoredKey } from './keyring.js';
import { reachesRole } from './roles.js';

const bytesOf = (byte: number) => (count: number) => new Uint8Array(count).fill(byte);

const [ONE, TWO, THREE] = [7, 8, 9].map((byte) => writeKey(bytesOf(byte)));

function keysFor(seed: typeof ONE): { id: string; key: string } {
  if (seed === undefined) throw new Error('There is no such key.');
  return seed;
}

const stored = (seed: typeof ONE, rest: Partial<StoredKey> = {}): StoredKey => ({
  id: keysFor(seed).id,
  name: 'feed',
  role: 'recorder',
  hash: hashKey(keysFor(seed).key),
  createdAt: 0,
  expiresAt: null,
  revokedAt: null,
  ...rest,
});

describe('the text of a key', () => {
  it('has an id, 32 bytes and a sum, in digits of base 62', () => {
    for (const byte of [0, 1, 127, 255]) {
      const { id, key } = writeKey(bytesOf(byte));
      expect(key).toMatch(/^ptl_[0-9A-Za-z]{10}_[0-9A-Za-z]{49}$/);
      expect(keyIdIn(key)).toBe(id);
    }
    expect(new Set([ONE, TWO, THREE].map((each) => keysFor(each).key)).size).toBe(3);
  });

  it('is known to be mistyped, wherever a digit is another', () => {
    const { key } = keysFor(ONE);
    for (let at = 0; at < key.length; at += 1) {
      const other = key[at] === 'a' ? 'b' : 'a';
      expect(keyIdIn(key.slice(0, at) + other + key.slice(at + 1))).toBeUndefined();
    }
    for (const text of ['', 'ptl_', key.slice(1), `${key}0`, key.slice(0, -1), `${key}\n`])
      expect(keyIdIn(text)).toBeUndefined();
  });

  it('is found in other text, and taken out', () => {
    const { key } = keysFor(ONE);
    for (const text of [`/v1/policies?key=${key}`, `/${key}/x`, `?a=${key.replaceAll('_', '%5F')}`, key.slice(0, -9)]) {
      expect(containsKey(text)).toBe(true);
      expect(redactKeys(text)).not.toContain(key.slice(20, 30));
    }
    for (const text of ['/v1/policies/ptl_x', '/v1/events?q=ptl', '/v1/keys/0123456789'])
      expect(containsKey(text)).toBe(false);
  });
});

it('a role may do what those before it may', () => {
  expect(reachesRole('operator', 'recorder')).toBe(true);
  expect(reachesRole('recorder', 'recorder')).toBe(true);
  expect(reachesRole('reader', 'recorder')).toBe(false);
});

/** A hash that throws for whoever reads or compares it byte by byte; `timingSafeEqual` works below JavaScript. */
function unreadable(hash: Buffer): Buffer {
  const own = Buffer.from(hash);
  for (let from: object | null = Buffer.prototype; from !== null && from !== Object.prototype;) {
    for (const name of Reflect.ownKeys(from)) {
      const isMethod = typeof Reflect.getOwnPropertyDescriptor(from, name)?.value === 'function';
      if (isMethod && name !== 'constructor' && !Object.hasOwn(own, name))
        Object.defineProperty(own, name, {
          value: () => {
            throw new Error('The hash was read.');
          },
        });
    }
    from = Object.getPrototypeOf(from);
  }
  return own;
}

/** A keyring over keys that the test changes, at times that it sets. */
function keyringOver(
  keys: readonly StoredKey[],
  configured: ConstructorParameters<typeof Keyring>[0]['configured'] = [],
) {
  const snapshot: KeySnapshot = { revision: 1, keys };
  const state = { snapshot, nowMs: 1_000, elapsedMs: 0, looks: 0 };
  const keyring = new Keyring({
    configured,
    read: (known) => {
      state.looks += 1;
      return Promise.resolve(known === state.snapshot.revision ? undefined : state.snapshot);
    },
    now: () => state.nowMs,
    elapsed: () => state.elapsedMs,
  });
  return { state, keyring };
}

describe('the keyring', () => {
  it('knows keys by their hash alone', async () => {
    const { keyring } = keyringOver([stored(ONE), stored(TWO, { role: 'reader' })]);
    await keyring.refresh();
    expect(keyring.find(keysFor(ONE).key)).toEqual({ id: keysFor(ONE).id, role: 'recorder' });
    expect(keyring.find(keysFor(TWO).key)).toEqual({ id: keysFor(TWO).id, role: 'reader' });
    expect(keyring.find(keysFor(THREE).key)).toBe('unknown-key');
    expect(keyring.find('secret')).toBe('unknown-key');
    expect(keyring.find(hashKey(keysFor(ONE).key).toString('hex'))).toBe('unknown-key');
    expect(keyring.find(`${keysFor(ONE).key}0`)).toBe('mistyped-key');
  });

  it('compares hashes by what takes the same time for all of them, and reads them in no other way', async () => {
    const sha256 = hashKey('a passphrase').toString('hex');
    const { keyring } = keyringOver(
      [stored(ONE, { hash: unreadable(hashKey(keysFor(ONE).key)) })],
      [{ name: 'feed', role: 'operator', sha256 }],
    );
    await keyring.refresh();
    expect(() => unreadable(Buffer.of(1)).equals(Buffer.of(1))).toThrow('was read');
    const { id, key } = keysFor(ONE);
    expect(keyring.find(key)).toEqual({ id, role: 'recorder' });
    // A key of the same id: all but its hash is as with the right one.
    const other = writeKey((count) => bytesOf(count === 8 ? 7 : 1)(count));
    expect([other.id, keyring.find(other.key)]).toEqual([id, 'unknown-key']);
    expect(keyring.find('a passphrase')).toMatchObject({ role: 'operator' });
  });

  it('does not take another key for that of its id', async () => {
    const { keyring } = keyringOver([stored(ONE, { hash: hashKey(keysFor(TWO).key) })]);
    await keyring.refresh();
    expect(keyring.find(keysFor(ONE).key)).toBe('unknown-key');
  });

  it('refuses a key from the instant on at which it expires, without a look', async () => {
    const { keyring, state } = keyringOver([stored(ONE, { expiresAt: 2_000 })]);
    await keyring.refresh();
    state.nowMs = 1_999;
    expect(keyring.find(keysFor(ONE).key)).toMatchObject({ role: 'recorder' });
    state.nowMs = 2_000;
    expect(keyring.find(keysFor(ONE).key)).toBe('expired-key');
  });

  it('is fresh for half a second, and sees what was revoked with its next look', async () => {
    const { keyring, state } = keyringOver([stored(ONE)]);
    expect(keyring.isFresh).toBe(false);
    await keyring.refresh();
    state.snapshot = { revision: 2, keys: [stored(ONE, { revokedAt: 1_500 })] };
    state.elapsedMs = 499;
    expect([keyring.isFresh, state.looks]).toEqual([true, 1]);
    state.elapsedMs = 500;
    expect(keyring.isFresh).toBe(false);
    await Promise.all([keyring.refresh(), keyring.refresh(), keyring.refresh()]);
    expect([keyring.isFresh, state.looks]).toEqual([true, 2]);
    expect(keyring.find(keysFor(ONE).key)).toBe('revoked-key');
    expect(keyring.hasKeys).toBe(true);
  });

  it('has the keys of the configuration beside those of the database, and needs no form of them', async () => {
    const sha256 = hashKey('a passphrase').toString('hex');
    const { keyring } = keyringOver([], [{ name: 'feed', role: 'operator', sha256 }]);
    expect(keyring.hasKeys).toBe(true);
    expect(keyring.find('a passphrase')).toEqual({ id: `configured-${sha256.slice(0, 16)}`, role: 'operator' });
    expect(keyring.find(sha256)).toBe('unknown-key');
    expect(keyringOver([]).keyring.hasKeys).toBe(false);
  });
});

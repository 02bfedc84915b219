import { type Address, writeQuery } from '../address.js';
import { type Ask, read } from '../ask.js';

interface Publications {
  readonly columns: { readonly publishedAt: readonly number[] };
}

/**
 * When the first event was published that the record has, of a policy or of all: the day to go to from one on which
 * nothing was known. Undefined where there is none.
 */
export async function readFirstKnown(ask: Ask, address: Address, policy?: string): Promise<string | undefined> {
  const { parameters } = address;
  const asked = { shape: 'index', policy, recordedAt: parameters.get('recordedAt') };
  const index = await read<Publications>(ask, `/v1/events${writeQuery(new Map(), asked)}`);
  if (!index.ok || index.body.columns.publishedAt.length === 0) return undefined;
  const first = index.body.columns.publishedAt.reduce((one, other) => Math.min(one, other));
  return new Date(first).toISOString();
}

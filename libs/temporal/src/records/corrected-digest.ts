import { hash } from 'node:crypto';
import type { EventBody } from '#domain/facts';
import type { Account } from './account.js';

/**
 * What tells the bodies in force of one event apart: empty where nothing corrects it; otherwise two equal digests mean
 * equal bodies. Made once a body.
 */
export function correctedDigest({ isCorrected, body }: Pick<Account, 'isCorrected' | 'body'>): string {
  if (!isCorrected) return '';
  const known = digests.get(body);
  if (known !== undefined) return known;
  const digest = hash('sha256', JSON.stringify(body), 'base64');
  digests.set(body, digest);
  return digest;
}

const digests = new WeakMap<EventBody, string>();

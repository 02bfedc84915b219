import { hash } from 'node:crypto';
import { correctedDigest } from '../records/corrected-digest.js';
import type { EventVersion } from './event-version.js';

const LONGEST_SIGNATURE = 500;

const signatures = new WeakMap<EventVersion, string>();

/** Equal for two versions of one event exactly when nothing differs between them. Made once a version. */
export function versionSignature(version: EventVersion): string {
  const known = signatures.get(version);
  if (known !== undefined) return known;
  const signature = shorten(partsOf(version).join('|'));
  signatures.set(version, signature);
  return signature;
}

function partsOf(version: EventVersion): readonly unknown[] {
  const { latest, isVague, follows, datedBy, followsWrongWay, order, retracted, anomalies } = version;
  return [
    latest,
    isVague,
    follows.join(' '),
    datedBy.toSorted().join(' '),
    followsWrongWay,
    order,
    retracted,
    version.publicationCorrectedBy,
    version.firstPublishedBy,
    correctedDigest(version),
    anomalies.some(({ kind }) => kind === 'no-source-left'),
  ];
}

/** Where many events date one the lists are long, and there are as many versions: what is kept of each is short. */
const shorten = (signature: string): string =>
  signature.length > LONGEST_SIGNATURE ? hash('sha256', signature, 'base64') : signature;

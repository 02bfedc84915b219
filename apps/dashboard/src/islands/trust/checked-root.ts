import { useEffect, useState } from 'preact/hooks';
import { type Trust, hearTrust } from './trust.js';

/** A root of the log that this browser has checked: its first digits, and the number of entries under it. */
export interface CheckedRoot {
  readonly digits: string;
  readonly size: number;
}

/** The root that this browser has checked last; nothing before, and where something is wrong. */
export function useCheckedRoot(): CheckedRoot | undefined {
  const [trust, setTrust] = useState<Trust>();
  useEffect(() => hearTrust(setTrust), []);
  return trust?.verdict === 'verified' ? { digits: trust.digits, size: trust.size } : undefined;
}

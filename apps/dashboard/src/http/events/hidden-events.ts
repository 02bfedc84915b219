import { type Address, COORDINATE_PARAMETERS, dataAt } from '../address.js';
import type { AtCoordinate } from '../answers.js';
import { type Ask, read } from '../ask.js';

/** What a coordinate hides: events that became known later, and what reads otherwise today of those shown. */
export interface HiddenByTimes {
  readonly later: number;
  readonly correctedSince: number;
  readonly retractedSince: number;
  readonly undated: number;
}

/** Counts what the times of an address hide, in one policy or in all; nothing where it names no time. */
export async function readHidden(ask: Ask, address: Address, policy?: string): Promise<HiddenByTimes | undefined> {
  if (!COORDINATE_PARAMETERS.some((name) => address.parameters.has(name))) return undefined;
  const path = policy === undefined ? '/events' : `/policies/${policy}/timeline`;
  const counted = await read<AtCoordinate & { readonly hidden?: HiddenByTimes }>(
    ask,
    dataAt(address, path, { hidden: 'true', limit: '1' }),
  );
  return counted.ok ? counted.body.hidden : undefined;
}

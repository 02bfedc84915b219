import type { Address } from '../address.js';

/** Something that a hypothetical answer leaves out. */
export interface LeftOutThing {
  readonly kind: string;
  readonly id: string;
}

/** What an address asks to leave out, as it is written there. */
export const withoutIn = ({ parameters }: Pick<Address, 'parameters'>): string | undefined => parameters.get('without');

/** What an address asks to leave out: `event:KEY` and `source:ID`, separated by commas. */
export const leftOutIn = (address: Pick<Address, 'parameters'>): readonly LeftOutThing[] =>
  (withoutIn(address)?.split(',') ?? []).map((text) => {
    const [kind = '', id = ''] = text.split(/:(.*)/s);
    return { kind, id };
  });

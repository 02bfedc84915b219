import type { Link, Rel } from '#domain';

/** How one event bears on a claim. */
export type Bearing = 'corroborated' | 'contradicted' | 'disputed' | 'denied' | 'withdrawn' | 'falsified';

/** How a claim stands by what bears on it, the gravest first; `claimed` where nothing does. */
const STANDINGS = ['falsified', 'withdrawn', 'denied', 'disputed', 'contested', 'corroborated'] as const;

/** How a claim may stand. */
export const CLAIM_STANDINGS = ['claimed', ...STANDINGS] as const;
export type ClaimStanding = (typeof CLAIM_STANDINGS)[number];

/** One link that bears on a claim. */
export interface BearingLink {
  /** Key of the claim. */
  readonly claim: string;
  readonly bearing: Bearing;
  /** Key of the event at the other end of the link. */
  readonly other: string;
}

/** What a link does to the claim that it names. The other relations say nothing of whether it is true. */
const BY_REL: Readonly<Partial<Record<Rel, Bearing>>> = {
  corroborates: 'corroborated',
  fulfils: 'corroborated',
  contradicts: 'contradicted',
  disputes: 'disputed',
  denies: 'denied',
  falsifies: 'falsified',
};

/** What an event of these types does to the claims that it is about or responds to. */
const BY_TYPE: Readonly<Record<string, Bearing>> = {
  'claim.corroborated': 'corroborated',
  'claim.disputed': 'disputed',
  'claim.denied': 'denied',
  'claim.withdrawn': 'withdrawn',
};

/** Relations that hold both ways: what a claim corroborates bears it out, and what it contradicts contradicts it. */
const MUTUAL: ReadonlySet<Rel> = new Set<Rel>(['corroborates', 'contradicts']);

/** The links of an event that bear on claims: on those that it names, and on itself if it is one. */
export const bearingLinks = (event: {
  readonly type: string;
  readonly key: string;
  readonly links: readonly Link[];
}): readonly BearingLink[] =>
  event.links.flatMap(({ rel, to }) => {
    const bearing = bearingOf(event.type, rel);
    const own = event.type === 'claim.made' && MUTUAL.has(rel) ? BY_REL[rel] : undefined;
    return [
      ...(bearing === undefined ? [] : [{ claim: to, bearing, other: event.key }]),
      ...(own === undefined ? [] : [{ claim: event.key, bearing: own, other: to }]),
    ];
  });

function bearingOf(type: string, rel: Rel): Bearing | undefined {
  // Whatever else the link says: who made the claim no longer does.
  if (type === 'claim.withdrawn') return 'withdrawn';
  return BY_REL[rel] ?? (rel === 'about' || rel === 'responds-to' ? BY_TYPE[type] : undefined);
}

/**
 * How a claim stands by all that bears on it, and the keys of the events that make it stand so, in the order given.
 *
 * Falsified, withdrawn, denied and disputed go before the rest. A contradicted claim is contested, whether something
 * corroborates it too or not.
 */
export function claimStandingOf(links: readonly Pick<BearingLink, 'bearing' | 'other'>[]): {
  readonly standing: ClaimStanding;
  readonly because: readonly string[];
} {
  const isContested = links.some(({ bearing }) => bearing === 'contradicted');
  const standings = links.map((link) => ({ ...link, standing: standingBy(link.bearing, isContested) }));
  const standing = STANDINGS.find((each) => standings.some((link) => link.standing === each)) ?? 'claimed';
  const because = standings.filter((link) => link.standing === standing).map(({ other }) => other);
  return { standing, because: [...new Set(because)] };
}

const standingBy = (bearing: Bearing, isContested: boolean): ClaimStanding =>
  bearing === 'contradicted' || (bearing === 'corroborated' && isContested) ? 'contested' : bearing;

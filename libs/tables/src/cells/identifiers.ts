/** What an address stands for, as far as it can be told from the address alone. */
interface AddressIdentity {
  /** Who keeps what the address stands for: a word for those that are known, else the host of the address. */
  readonly authority: string;
  /** The name of the thing with its keeper; `null` where the address is all that is known. */
  readonly identifier: string | null;
}

interface Keeper {
  readonly authority: string;
  readonly hosts: readonly string[];
  /** Matches the paths that stand for one thing; its group is the name of the thing. */
  readonly path: RegExp;
}

/** Keepers of lasting names, each with the pages of theirs that stand for one thing and nothing else. */
const KEEPERS: readonly Keeper[] = [
  {
    authority: 'wikidata',
    hosts: ['wikidata.org', 'www.wikidata.org', 'm.wikidata.org'],
    path: /^[/](?:wiki|entity)[/](Q[1-9]\d*)$/,
  },
  {
    authority: 'legislation.gov.uk',
    hosts: ['legislation.gov.uk', 'www.legislation.gov.uk'],
    // A calendar year, or a session by its regnal years: ukpga/2024/8, ukpga/Geo6/10-11/7.
    path: /^[/](?:id[/])?([a-z]+[/](?:\d{4}|[A-Z]\w*[/][\d-]+)[/]\d+)(?:[/]contents)?[/]?$/,
  },
  { authority: 'eli', hosts: ['data.europa.eu'], path: /^[/]eli[/](.+?)[/]?$/ },
  {
    authority: 'uk-parliament-members',
    hosts: ['members.parliament.uk', 'members-api.parliament.uk'],
    path: /^[/](?:member|api[/]Members)[/](\d+)(?:[/]contact)?[/]?$/,
  },
];

/** Tells who keeps what an address of the web stands for, and under which name. */
export function identityOfAddress(address: string): AddressIdentity {
  const { hostname, pathname, search } = new URL(address);
  for (const { authority, hosts, path } of KEEPERS) {
    const [, identifier] = hosts.includes(hostname) && search === '' ? (path.exec(pathname) ?? []) : [];
    if (identifier !== undefined) return { authority, identifier };
  }
  return { authority: hostname, identifier: null };
}

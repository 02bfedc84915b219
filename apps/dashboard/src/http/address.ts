/** The parameters that choose a coordinate: when it was known, about when, and as recorded when. */
export const COORDINATE_PARAMETERS = ['knownAt', 'validAt', 'recordedAt'] as const;

/** The address of a page, which is that of its data without `/v1`. */
export interface Address {
  /** Begins with a slash; `/embed` before it and a suffix after it are cut off. */
  readonly path: string;
  /** In the order given. A parameter that is empty, as unused fields of a form are, is left out. */
  readonly parameters: ReadonlyMap<string, string>;
  /** True below `/embed`, where only the content is shown. */
  readonly isEmbedded: boolean;
}

const EMBEDDED = /^\/embed(?=\/|$)/;

/** Reads the path and query of a request. Of a repeated parameter the last value counts. */
export function readAddress(url: string): Address {
  const [path = '/', query = ''] = url.split(/\?(.*)/s);
  const parameters = [...new URLSearchParams(query)].filter(([, value]) => value !== '');
  return {
    path: path.replace(EMBEDDED, '').replace(/(?<=.)\/$/, '') || '/',
    parameters: new Map(parameters),
    isEmbedded: EMBEDDED.test(path),
  };
}

/** Values to set in an address; `undefined` takes a parameter out. */
export type Changes = Readonly<Record<string, string | undefined>>;

/** Writes the parameters of an address with changes, as a query that begins with `?`, or nothing. */
export function writeQuery(parameters: ReadonlyMap<string, string>, changes: Changes = {}): string {
  const changed = new URLSearchParams([...parameters]);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) changed.delete(name);
    else changed.set(name, value);
  }
  const query = changed.toString().replaceAll('%40', '@').replaceAll('%3A', ':');
  return query === '' ? '' : `?${query}`;
}

/** The link to another page at the coordinate of this one. Its own parameters come after those of the coordinate. */
export function linkFrom(address: Address, path: string, parameters: Changes = {}): string {
  return `${address.isEmbedded ? '/embed' : ''}${path}${writeQuery(coordinateOf(address), parameters)}`;
}

/** The link to this page with other parameters. */
export const linkWith = (address: Address, changes: Changes): string =>
  `${address.isEmbedded ? '/embed' : ''}${address.path}${writeQuery(address.parameters, changes)}`;

/** The address of data at the coordinate of this page. */
export const dataAt = (address: Address, path: string, parameters: Changes = {}): string =>
  `/v1${path}${writeQuery(coordinateOf(address), parameters)}`;

/** Parameters by which a page arranges what it shows; its data have none of them. */
const OWN_PARAMETERS: readonly string[] = ['group'];

/** The address of the data that a page with a suffix (`.csv`) stands for. */
export const dataOf = ({ path, parameters }: Address): string =>
  `/v1${path}${writeQuery(new Map([...parameters].filter(([name]) => !OWN_PARAMETERS.includes(name))))}`;

/** The parameters of the coordinate among those of an address. */
function coordinateOf({ parameters }: Address): ReadonlyMap<string, string> {
  const names = COORDINATE_PARAMETERS.flatMap((name) => ['', 'from.', 'to.'].map((side) => `${side}${name}`));
  return new Map([...parameters].filter(([name]) => names.includes(name) && !name.includes('.')));
}

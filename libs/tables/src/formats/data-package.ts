import { type PackagedFile, type Terms, resourceOf } from './documents.js';

/** What a Data Package is described by. */
interface PackageParts extends Terms {
  readonly files: readonly PackagedFile[];
  /** The one coordinate at which all files hold, as answers show it. */
  readonly coordinate: object;
  /** The address of the service. */
  readonly homepage: string;
  /** Where the same description stays, for one that is answered. */
  readonly permalink?: string;
}

/** The description of files of tables (Data Package, version 2): what each column holds, and the coordinate of all. */
export function dataPackageOf({ files, coordinate, homepage, permalink, publisher, licence }: PackageParts) {
  return {
    $schema: 'https://datapackage.org/profiles/2.0/datapackage.json',
    name: 'policy-timeline',
    title: 'Policy Timeline',
    homepage,
    coordinate,
    ...(permalink === undefined ? {} : { permalink }),
    ...(publisher === undefined ? {} : { contributors: [{ title: publisher, roles: ['publisher'] }] }),
    ...(licence === undefined ? {} : { licenses: [URL.canParse(licence) ? { path: licence } : { name: licence }] }),
    resources: files.map(resourceOf),
  };
}

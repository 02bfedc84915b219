import { type PackagedFile, resourceOf } from '#tables';
import type { PinnedCoordinate } from '../../points/coordinates.js';

interface PackageParts {
  readonly files: readonly PackagedFile[];
  readonly coordinate: PinnedCoordinate;
  /** The address of the service. */
  readonly origin: string;
  readonly publisher: string | null;
  readonly licence: string | null;
}

/** The description of exported files: Data Package, with what each column holds, and the coordinate of all. */
export function dataPackage({ files, coordinate, origin, publisher, licence }: PackageParts): object {
  return {
    $schema: 'https://datapackage.org/profiles/2.0/datapackage.json',
    name: 'policy-timeline',
    title: 'Policy Timeline',
    homepage: origin,
    coordinate,
    ...(publisher === null ? {} : { contributors: [{ title: publisher, roles: ['publisher'] }] }),
    ...(licence === null ? {} : { licenses: [licence.includes('://') ? { path: licence } : { name: licence }] }),
    resources: files.map(resourceOf),
  };
}

import type { ColumnType, TidyTable } from '#tables';
import type { PinnedCoordinate } from '../../points/coordinates.js';

interface ExportedFile {
  readonly table: TidyTable;
  readonly name: string;
  readonly format: string;
  readonly bytes: number;
  readonly sha256: string;
}

interface PackageParts {
  readonly files: readonly ExportedFile[];
  readonly coordinate: PinnedCoordinate;
  /** The address of the service. */
  readonly origin: string;
  readonly publisher: string | null;
  readonly licence: string | null;
}

/** Types of the Table Schema (Data Package 2.0). */
const FIELD_TYPES: Readonly<Record<ColumnType, string>> = {
  text: 'string',
  number: 'number',
  integer: 'integer',
  boolean: 'boolean',
  instant: 'datetime',
  day: 'date',
  texts: 'array',
  json: 'any',
};

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
    resources: files.map(({ table, name, format, bytes, sha256 }) => ({
      name: table.name,
      title: table.title,
      description: table.description,
      path: name,
      format,
      bytes,
      hash: `sha256:${sha256}`,
      schema: {
        fields: table.columns.map(({ name: column, type, description }) => ({
          name: column,
          type: FIELD_TYPES[type],
          description,
        })),
      },
    })),
  };
}

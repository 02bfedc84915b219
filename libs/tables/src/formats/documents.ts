import type { ColumnType, TidyTable } from '../cells/table.js';

/** A document in JSON that describes a file. */
type DescribingDocument = Readonly<Record<string, unknown>>;

/** Who publishes a file and under which terms; what is not stated is left out. */
export interface Terms {
  readonly publisher?: string | undefined;
  readonly licence?: string | undefined;
}

/** The types of CSVW (Metadata Vocabulary for Tabular Data, section 5.11.1). */
const CSVW_TYPES = {
  text: 'string',
  number: 'double',
  integer: 'integer',
  boolean: 'boolean',
  instant: 'dateTimeStamp',
  day: 'date',
  texts: 'json',
  json: 'json',
} as const satisfies Readonly<Record<ColumnType, string>>;

/** Describes a CSV file for whoever reads CSV on the Web (CSVW): its columns, their types and what they say. */
export const csvwOf = (table: TidyTable, url: string, { publisher, licence }: Terms): DescribingDocument => ({
  '@context': ['http://www.w3.org/ns/csvw', { '@language': 'en' }],
  url,
  'dc:title': table.title,
  'dc:description': table.description,
  ...(publisher === undefined ? {} : { 'dc:publisher': publisher }),
  ...(licence === undefined ? {} : { 'dc:license': licence }),
  dialect: { encoding: 'utf-8', header: true, lineTerminators: ['\r\n'], doubleQuote: true },
  tableSchema: {
    columns: table.columns.map(({ name, type, isNullable, description }) => ({
      name,
      titles: name,
      datatype: CSVW_TYPES[type],
      required: !isNullable,
      'dc:description': description,
    })),
  },
});

/** The types of Data Package (Table Schema, field types). */
const TABLE_SCHEMA_TYPES = {
  text: 'string',
  number: 'number',
  integer: 'integer',
  boolean: 'boolean',
  instant: 'datetime',
  day: 'date',
  texts: 'array',
  json: 'any',
} as const satisfies Readonly<Record<ColumnType, string>>;

/** A file of a table as a Data Package names it. */
export interface PackagedFile {
  readonly table: TidyTable;
  /** Where the file is, seen from the package. */
  readonly path: string;
  /** The suffix of its format. */
  readonly format: string;
  readonly bytes: number;
  /** SHA-256 of the file, in hexadecimal digits. */
  readonly sha256: string;
  readonly mediaType?: string;
}

/** A file as a resource of a Data Package: what it is, and what each of its columns holds. */
export const resourceOf = ({ table, path, format, bytes, sha256, mediaType }: PackagedFile) => ({
  name: table.name,
  title: table.title,
  description: table.description,
  path,
  format,
  ...(mediaType === undefined ? {} : { mediatype: mediaType }),
  bytes,
  hash: `sha256:${sha256}`,
  schema: {
    fields: table.columns.map(({ name, type, description }) => ({ name, type: TABLE_SCHEMA_TYPES[type], description })),
  },
});

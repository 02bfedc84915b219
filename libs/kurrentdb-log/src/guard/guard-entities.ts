import { EntitySchema } from 'typeorm';

const schema = 'log';

/** The guard's tables as TypeORM sees them. */
export const guardEntities = [
  new EntitySchema({
    name: 'guard',
    schema,
    columns: {
      one: { type: 'boolean', primary: true, default: true, primaryKeyConstraintName: 'guard_pkey' },
      pass: { type: 'bigint', default: 0 },
      begun_at: { type: 'timestamptz', precision: 3, nullable: true },
      compared: { type: 'bigint', default: 0 },
      whole_pass: { type: 'bigint', default: 0 },
      whole_at: { type: 'timestamptz', precision: 3, nullable: true },
      limits_commit: { type: 'bigint', nullable: true },
      limits_prepare: { type: 'bigint', nullable: true },
    },
    checks: [{ name: 'guard_is_one_row', expression: 'one' }],
  }),
  new EntitySchema({
    name: 'guard_findings',
    schema,
    columns: {
      pass: { type: 'bigint', primary: true, primaryKeyConstraintName: 'guard_findings_pkey' },
      store_commit: { type: 'bigint', primary: true, primaryKeyConstraintName: 'guard_findings_pkey' },
      store_prepare: { type: 'bigint', primary: true, primaryKeyConstraintName: 'guard_findings_pkey' },
      position: { type: 'bigint', nullable: true },
      kind: { type: 'text' },
      detail: { type: 'text' },
      found_at: { type: 'timestamptz', precision: 3, default: () => 'clock_timestamp()' },
    },
  }),
  new EntitySchema({
    name: 'store_limits',
    schema,
    columns: {
      stream: { type: 'text', primary: true, primaryKeyConstraintName: 'store_limits_pkey' },
      kind: { type: 'text', primary: true, primaryKeyConstraintName: 'store_limits_pkey' },
      value: { type: 'double precision', nullable: true },
      found_at: { type: 'timestamptz', precision: 3, default: () => 'clock_timestamp()' },
    },
  }),
];

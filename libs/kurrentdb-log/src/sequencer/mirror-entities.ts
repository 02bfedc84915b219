import { EntitySchema } from 'typeorm';

const schema = 'log';

/** The mirror's tables as TypeORM sees them: a test compares them with what the migrations make. */
export const mirrorEntities = [
  new EntitySchema({
    name: 'sequencer',
    schema,
    columns: {
      one: { type: 'boolean', primary: true, default: true, primaryKeyConstraintName: 'sequencer_pkey' },
      owner: { type: 'text', nullable: true },
      epoch: { type: 'bigint', default: 0 },
      seen_at: { type: 'timestamptz', precision: 3, nullable: true },
      store_commit: { type: 'bigint', nullable: true },
      store_prepare: { type: 'bigint', nullable: true },
    },
    checks: [{ name: 'sequencer_is_one_row', expression: 'one' }],
  }),
  new EntitySchema({
    name: 'mirrored',
    schema,
    columns: {
      position: { type: 'bigint', primary: true, primaryKeyConstraintName: 'mirrored_pkey' },
      store_commit: { type: 'bigint' },
      store_prepare: { type: 'bigint' },
      store_created_at: { type: 'timestamptz', precision: 3 },
    },
  }),
  new EntitySchema({
    name: 'pending_erasable',
    schema,
    columns: {
      id: { type: 'uuid', primary: true, primaryKeyConstraintName: 'pending_erasable_pkey' },
      digest: { type: 'text', primary: true, primaryKeyConstraintName: 'pending_erasable_pkey' },
      pointer: { type: 'text', primary: true, primaryKeyConstraintName: 'pending_erasable_pkey' },
      salt: { type: 'text' },
      value: { type: 'text' },
      written_at: { type: 'timestamptz', precision: 3, default: () => 'clock_timestamp()' },
    },
  }),
];

import type { List, PolicyEvent } from '../../http/answers.js';
import { type Ask, type Read, read, readText } from '../../http/ask.js';
import { type Checkpoint, readCheckpoint } from '../../http/audit/checkpoint.js';
import type { SelfCheck } from '../../http/audit/self-check.js';
import { Audit, type AuditData } from '../../views/audit/audit.js';
import { definePage } from '../page.js';

const NOT_SIGNED_YET = 503;

/** The badge in full. */
export const auditPage = definePage<AuditData>({
  name: 'audit',
  path: /^\/audit$/,
  load: async (_, ask) => {
    const [note, key, selfCheck] = await Promise.all([
      readText(ask, '/v1/audit/checkpoint'),
      readText(ask, '/v1/audit/public-key'),
      read<SelfCheck>(ask, '/v1/audit/self-check'),
    ]);
    if (!note.ok && note.problem.status !== NOT_SIGNED_YET) return note;
    if (!key.ok) return key;
    if (!selfCheck.ok) return selfCheck;
    const checkpoint = (note.ok ? readCheckpoint(note.body) : undefined) ?? null;
    const newest = checkpoint === null ? NOTHING_SIGNED : await readNewestIn(ask, checkpoint);
    const askedAt = new Date().toISOString();
    const data = { checkpoint, ...newest, publicKey: key.body.trim(), selfCheck: selfCheck.body, askedAt };
    return { ok: true, body: { title: 'Audit', data } };
  },
  view: (data, frame) => <Audit data={data} frame={frame} />,
  check: ({ event }) => (event === null ? {} : { event: { key: event } }),
});

const NOTHING_SIGNED = { signedUpTo: null, event: null };

/** When the last entry of a checkpoint was recorded, and the key of an event in it. */
async function readNewestIn(ask: Ask, { size }: Checkpoint): Promise<Pick<AuditData, 'signedUpTo' | 'event'>> {
  const list: Read<List<PolicyEvent>> = await read(ask, `/v1/events?recordedAt=@${size}&limit=1`);
  if (!list.ok) return NOTHING_SIGNED;
  return { signedUpTo: list.body.coordinate.recordedAt.at, event: list.body.items[0]?.key ?? null };
}

import { describe, expect, it } from '@jest/globals';
import { parseEventBody, position } from '#domain';
import { createMemoryEventLog } from '#event-log';
import { Interrupted } from '#runtime/turns';
import { appendAll, bodyRequest, registrationRequest } from '../../../../../test/support/events/append-bodies.js';
import { projections } from '../../read-models/registry.js';
import { foldHere } from './fold-streams.js';

const EVENTS = 300;

async function longLog() {
  const log = createMemoryEventLog(() => 0);
  const bodies = Array.from({ length: EVENTS }, (_, index) => {
    const parsed = parseEventBody(
      {
        key: `news-${index}`,
        type: 'policy.announced',
        policy: 'ferry',
        occurred: '2025-05-01',
        publishedAt: '2025-05-01',
        summary: 'News.',
        epistemic: 'confirmed',
        sources: [{ publisher: 'Gazette', title: 'News', publishedAt: '2025-05-01', genre: 'news' }],
      },
      'UTC',
    );
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.rejections));
    return bodyRequest(parsed.body);
  });
  const registration = registrationRequest({ slug: 'ferry', title: 'Ferry', kind: 'scheme', jurisdiction: 'GB' });
  await appendAll(log, [registration, ...bodies]);
  return log;
}

describe('folding a stream', () => {
  it('has turns, between which the process does other things, and ends when it is told to', async () => {
    const log = await longLog();
    const stop = new AbortController();
    const folding = { log, projections, upTo: position(EVENTS + 1), signal: stop.signal };
    const folded = foldHere(folding).fold('policy-ferry');
    let others = 0;
    const other = setInterval(() => (others += 1) === 2 && stop.abort(), 1);
    await expect(folded).rejects.toThrow(Interrupted);
    clearInterval(other);
    expect((await foldHere({ log, projections, upTo: position(EVENTS + 1) }).fold('policy-ferry')).events).toBe(
      EVENTS + 1,
    );
  });
});

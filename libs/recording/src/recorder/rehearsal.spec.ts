import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  type RecordingUnderTest,
  announcementsOf,
  openTestRecording,
  recordsOf,
} from '../../../../test/support/events/recording.js';
import { formatInstant, instant } from '#domain';

const NOW = Date.parse('2024-12-01T12:00:00Z');

const event = announcementsOf('toll', {
  publishedAt: '2024-03-06',
  sources: [{ publisher: 'Ministry', title: 'Statement', publishedAt: '2024-03-06', genre: 'official' }],
});

const aboutRecord = recordsOf('toll');

let log: RecordingUnderTest['log'];
let recorder: RecordingUnderTest['recorder'];

beforeEach(async () => {
  ({ log, recorder } = openTestRecording(NOW));
  await recorder.register({ slug: 'toll', title: 'Toll', kind: 'scheme', jurisdiction: 'GB' });
  await recorder.record('toll', event('announced', { terms: [{ key: 'price', value: 7 }] }), {});
});

/** Rehearses an event and then records it: nothing may be on record in between. */
async function rehearsed(input: object) {
  const before = await log.readAll(0 as never, 100);
  const outcome = await recorder.rehearse('toll', input, { idempotencyKey: 'once' });
  expect(await log.readAll(0 as never, 100)).toEqual(before);
  expect(await log.readIdempotencyKey('once')).toBeUndefined();
  if (outcome.outcome !== 'rehearsed') throw new Error(JSON.stringify(outcome));
  expect(await recorder.record('toll', input, {})).toMatchObject({ outcome: 'recorded', warnings: outcome.warnings });
  const { now, onItsDay, affects } = outcome.rehearsal;
  const changes = (difference: typeof now) =>
    difference.changes.map(({ field, before: was, after, why }) => [field, was, after, why]);
  return {
    now: changes(now),
    onItsDay: changes(onItsDay),
    day: [formatInstant(onItsDay.knownAt), formatInstant(onItsDay.validAt)],
    added: now.added,
    removed: now.removed,
    affects: affects.map(({ field, known, valid }) => [field, shown(known.from), shown(valid.from), shown(valid.to)]),
  };
}

const shown = (at: number): string | null => (Number.isFinite(at) ? formatInstant(instant(at)).slice(0, 10) : null);

describe('rehearsing an event', () => {
  it('shows what a later event would change now and on its day', async () => {
    expect(
      await rehearsed(event('paused', { type: 'policy.paused', occurred: '2024-05-01', publishedAt: '2024-05-03' })),
    ).toEqual({
      now: [['status', 'announced', 'paused', 'recorded-late']],
      onItsDay: [['status', 'announced', 'paused', 'recorded-late']],
      // The end of the day in summer time, and the end of the day it happened: it was settled by then.
      day: ['2024-05-03T22:59:59.999Z', '2024-05-01T22:59:59.999Z'],
      added: ['paused'],
      removed: [],
      affects: [['status', '2024-05-02', '2024-05-01', null]],
    });
  });

  it('shows that late news changes the past and not now', async () => {
    await recorder.record(
      'toll',
      event('ended', { type: 'policy.ended', occurred: '2024-09-01', publishedAt: '2024-09-01' }),
      {},
    );
    expect(
      await rehearsed(event('paused', { type: 'policy.paused', occurred: '2024-05-01', publishedAt: '2024-10-03' })),
    ).toMatchObject({
      now: [],
      onItsDay: [['status', 'announced', 'paused', 'recorded-late']],
      added: ['paused'],
      affects: [['status', '2024-10-02', '2024-05-01', '2024-08-31']],
    });
  });

  it('shows that what says the same changes no value', async () => {
    expect(await rehearsed(event('again', { occurred: '2024-04-05', publishedAt: '2024-04-05' }))).toMatchObject({
      now: [],
      onItsDay: [],
      added: ['again'],
      affects: [],
    });
  });

  it('shows what a correction and a retraction would change, of the time of what they are about', async () => {
    const corrected = aboutRecord('record.corrected', 'fixed', 'announced', {
      changes: { terms: [{ key: 'price', value: 8 }] },
    });
    expect(await rehearsed(corrected)).toMatchObject({
      now: [['terms.price', { value: 7 }, { value: 8 }, 'corrected']],
      day: ['2024-04-01T22:59:59.999Z', '2024-03-05T23:59:59.999Z'],
      added: [],
      affects: [['terms.price', '2024-03-31', '2024-03-05', null]],
    });
    expect(await rehearsed(aboutRecord('record.retracted', 'unfixed', 'fixed'))).toMatchObject({
      now: [['terms.price', { value: 8 }, { value: 7 }, 'corrected']],
    });
    expect(await rehearsed(aboutRecord('record.retracted', 'gone', 'announced'))).toMatchObject({
      now: [
        ['status', 'announced', null, 'retracted'],
        ['terms.price', { value: 7 }, null, 'retracted'],
      ],
      removed: ['announced'],
    });
  });

  it('says that a repeat changes nothing, and refuses what recording refuses', async () => {
    const repeat = event('announced', { terms: [{ key: 'price', value: 7 }] });
    expect(await recorder.rehearse('toll', repeat, {})).toMatchObject({
      outcome: 'rehearsed',
      repeats: 2,
      rehearsal: { now: { changes: [], added: [], removed: [] }, affects: [] },
    });
    for (const [policy, input, conditions] of [
      ['toll', event('announced'), {}],
      ['toll', event('x', { links: [{ rel: 'about', to: 'nothing' }] }), {}],
      ['toll', event('x', { occurred: 'never' }), {}],
      ['toll', event('x', { policy: 'other' }), {}],
      ['toll', event('x'), { ifMatch: 7 }],
      ['other', event('x', { policy: 'other' }), {}],
    ] as const) {
      const refused = await recorder.rehearse(policy, input, conditions);
      expect(refused.outcome).not.toBe('rehearsed');
      expect(await recorder.record(policy, input, conditions)).toEqual(refused);
    }
  });

  it('warns of a target that was retracted before, once and for repeats alike', async () => {
    const [gone, again] = [
      aboutRecord('record.retracted', 'gone', 'announced'),
      aboutRecord('record.retracted', 'again', 'announced'),
    ];
    const warned = (input: object) => recorder.record('toll', input, {});
    expect(await warned(gone)).toMatchObject({ outcome: 'recorded', warnings: [] });
    expect(await warned(again)).toMatchObject({ outcome: 'recorded', warnings: [{ code: 'target-retracted' }] });
    expect(await warned(gone)).toMatchObject({ outcome: 'repeated', warnings: [] });
    expect(await warned(again)).toMatchObject({ outcome: 'repeated', warnings: [{ code: 'target-retracted' }] });
  });
});

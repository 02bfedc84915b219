import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  type RecordingUnderTest,
  announcementsOf,
  openTestRecording,
  outcomeText,
  recordsOf,
  registrationInput as policy,
  textsFrom,
} from '../../../../test/support/events/recording.js';
import { createRecording } from '../recording.module.js';

const NOW = Date.parse('2026-11-24T12:00:00Z');

const event = announcementsOf('fery');

const retracted = (key: string, target: string, more: object = {}) =>
  recordsOf('fery')('record.retracted', key, target, more);

const withdrawn = (key = 'withdrawn') => retracted(key, 'registered:fery');

let side: RecordingUnderTest;
/** The names under which what was recorded last can be read. */
let concerned: readonly string[];

beforeEach(async () => {
  side = openTestRecording(NOW, { onAcknowledged: (_position, policyNames) => (concerned = policyNames) });
  await side.recorder.register(policy('fery', 'boat'));
});

const { record, register, imported } = textsFrom(() => side);

describe('a registration that is withdrawn', () => {
  it('is refused while an event about the policy is in force, which is named', async () => {
    await record(event('announced'));
    const refused = await side.recorder.record('fery', withdrawn(), {});
    expect(refused).toMatchObject({
      outcome: 'rejected',
      rejections: [{ code: 'events-in-force', pointer: '/target', message: expect.stringContaining('announced') }],
    });
    await record(retracted('gone', 'announced'));
    expect(await record(withdrawn())).toBe('recorded');
  });

  it('takes nothing more but its restoration, on which the policy takes events again', async () => {
    expect(await record(withdrawn())).toBe('recorded');
    expect(await record(event('late'))).toBe('policy-withdrawn /policy');
    expect(await record(withdrawn())).toBe('repeated');
    expect(await register('fery', 'boat')).toBe('withdrawn');
    expect(outcomeText(await createRecording(side.needs).recorder.record('fery', event('late'), {}))).toBe(
      'policy-withdrawn /policy',
    );
    expect(await record(retracted('restored', 'withdrawn'))).toBe('recorded');
    expect(await register('fery', 'boat')).toBe('repeated');
    expect(await record(event('late'))).toBe('recorded');
    // What took the withdrawal back can be taken back itself, but for what has come since.
    expect(await record(retracted('again', 'restored'))).toBe('events-in-force /target');
  });

  it('keeps its slug and frees its aliases; it comes back only while they are free', async () => {
    await record(withdrawn());
    expect(await register('ferry', 'boat', 'fery')).toBe('name-taken /aliases/1');
    expect(await register('ferry', 'boat')).toBe('recorded');
    expect(await record(retracted('restored', 'withdrawn'))).toBe('name-taken /target');
  });

  it('is waited for under every name that comes or goes with it, and under no other', async () => {
    await register('ferry', 'raft');
    expect(concerned).toEqual(['ferry', 'raft']);
    await record(event('announced', { policy: 'ferry', alsoPolicies: ['fery'] }));
    expect(concerned).toEqual(['ferry', 'fery']);
    await record(withdrawn());
    expect(concerned).toEqual(['fery', 'boat']);
    await imported(retracted('restored', 'withdrawn'));
    expect(concerned).toEqual(['fery', 'boat']);
    await imported({ policy: policy('canoe', 'kayak') });
    expect(concerned).toEqual(['canoe', 'kayak']);
  });

  it('is of that policy only, and only retracted', async () => {
    await register('ferry');
    expect(await record(retracted('other', 'registered:fery', { policy: 'ferry' }))).toBe('foreign-target /target');
    expect(await record(retracted('none', 'registered:nothing'))).toBe('unknown-target /target');
    const corrected = { ...withdrawn(), type: 'record.corrected', changes: { summary: 'x' } };
    expect(await record(corrected)).toBe('invalid-value /target');
  });

  it('is judged in a file in the order of recording', async () => {
    const lines = [
      { policy: policy('bote') },
      event('one', { policy: 'bote' }),
      retracted('early', 'registered:bote', { policy: 'bote' }),
      retracted('gone', 'one', { policy: 'bote' }),
      retracted('in-time', 'registered:bote', { policy: 'bote' }),
      event('late', { policy: 'bote' }),
      retracted('restored', 'in-time', { policy: 'bote' }),
      event('after', { policy: 'bote' }),
    ];
    const outcome = [
      'recorded',
      'recorded',
      'rejected events-in-force /target',
      'recorded',
      'recorded',
      'rejected policy-withdrawn /policy',
      'recorded',
      'recorded',
    ];
    expect(await imported(...lines)).toEqual(outcome);
    expect(await imported(...lines.slice(3, 5), ...lines.slice(6))).toEqual(Array(4).fill('repeated'));
    expect(await imported(withdrawn(), event('never'))).toEqual(['recorded', 'rejected policy-withdrawn /policy']);
    expect(await record(event('never'))).toBe('policy-withdrawn /policy');
    expect(await imported(withdrawn(), { policy: policy('fery', 'boat') })).toEqual(['repeated', 'repeated']);
  });
});

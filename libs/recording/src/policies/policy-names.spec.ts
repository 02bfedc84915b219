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

const event = announcementsOf('ferry');

const renamed = (key: string, aliases: readonly string[], more: object = {}) =>
  event(key, { type: 'policy.redescribed', aliases, ...more });

const corrected = (key: string, target: string, changes: object) =>
  recordsOf('ferry')('record.corrected', key, target, { changes });

let side: RecordingUnderTest;

beforeEach(async () => {
  side = openTestRecording(NOW);
  await side.recorder.register(policy('ferry', 'boat'));
  await side.recorder.register(policy('tunnel'));
});

const { record, register, imported } = textsFrom(() => side);

const stored = async (key: string) => (await side.log.readKeys([key]))[0]?.body;

describe('a name of a policy', () => {
  it("is one policy's for ever: as slug or alias, at registration and in redescriptions", async () => {
    expect(await register('boat')).toBe('name-taken /slug');
    expect(await register('bridge', 'tube', 'boat', 'ferry')).toBe('name-taken /aliases/1, name-taken /aliases/2');
    expect(await record(renamed('one', ['boat'], { policy: 'tunnel' }))).toBe('name-taken /aliases/0');
    expect(await record(renamed('two', ['ship']))).toBe('recorded');
    // Had, and has no more.
    expect(await record(renamed('three', ['boat'], { policy: 'tunnel' }))).toBe('name-taken /aliases/0');
    expect(await register('ship')).toBe('name-taken /slug');
    expect(await record(renamed('four', ['ship', 'boat', 'raft']))).toBe('recorded');
    expect(await record(renamed('five', ['tube'], { policy: 'tunnel' }))).toBe('recorded');
    expect(await record(corrected('six', 'four', { aliases: ['raft', 'tube'] }))).toBe('name-taken /changes/aliases/1');
    expect(await record(corrected('seven', 'four', { aliases: ['float'] }))).toBe('recorded');
    expect(await record(corrected('eight', 'seven', { changes: { aliases: ['tunnel'] } }))).toBe(
      'name-taken /changes/changes/aliases/0',
    );
    expect(await register('float')).toBe('name-taken /slug');
  });

  it('is known by another process, too, and by one that starts later', async () => {
    const other = createRecording(side.needs).recorder;
    expect(outcomeText(await other.register(policy('boat')))).toBe('name-taken /slug');
    await record(renamed('one', ['ship']));
    expect(outcomeText(await other.register(policy('ship')))).toBe('name-taken /slug');
  });

  it('goes to one of many who want it at once', async () => {
    const outcomes = await Promise.all(['a', 'b', 'c'].map((slug) => register(slug, 'wanted')));
    expect(outcomes.toSorted()).toEqual(['name-taken /aliases/0', 'name-taken /aliases/0', 'recorded']);
  });

  it('goes to the first line of a file that gives it, and what hangs on the others falls', async () => {
    expect(
      await imported(
        { policy: policy('a', 'wanted') },
        { policy: policy('b', 'wanted') },
        { policy: policy('wanted') },
        { policy: policy('c', 'boat') },
        event('of-b', { policy: 'b' }),
        renamed('of-a', ['c'], { policy: 'a' }),
        event('fine', { policy: 'a' }),
      ),
    ).toEqual([
      'recorded',
      'rejected name-taken /policy/aliases/0',
      'rejected name-taken /policy/slug',
      'rejected name-taken /policy/aliases/0',
      'rejected target-rejected ',
      'recorded',
      'recorded',
    ]);
  });
});

describe('a policy named by an alias', () => {
  it('is found under its slug', async () => {
    expect(await side.recorder.record('boat', event('one', { policy: 'boat' }), {})).toEqual({
      outcome: 'alias',
      slug: 'ferry',
    });
    expect(await side.recorder.rehearse('boat', event('one', { policy: 'boat' }), {})).toEqual({
      outcome: 'alias',
      slug: 'ferry',
    });
    expect(await side.recorder.record('none', event('one', { policy: 'none' }), {})).toEqual({
      outcome: 'unknown-policy',
    });
  });

  it('is recorded by its slug, wherever a body names it, and a repeat stays one', async () => {
    const body = event('one', { type: 'policy.superseded', policy: 'boat', alsoPolicies: ['tunnel'] });
    const first = await side.recorder.record('ferry', body, {});
    expect(first).toMatchObject({ outcome: 'recorded' });
    expect(await side.recorder.record('ferry', { ...body, policy: 'ferry' }, {})).toEqual({
      ...first,
      outcome: 'repeated',
    });
    await record(
      event('two', { type: 'policy.superseded', policy: 'tunnel', by: 'boat', alsoPolicies: ['boat', 'ferry'] }),
    );
    expect(await stored('two')).toMatchObject({ by: 'ferry', alsoPolicies: ['ferry'] });
    await record({ ...corrected('three', 'two', { by: null, alsoPolicies: ['boat'] }), policy: 'tunnel' });
    expect(await stored('three')).toMatchObject({ changes: { alsoPolicies: ['ferry'] } });
    expect(await record(event('four', { alsoPolicies: ['boat'] }))).toBe('repeated-policy /alsoPolicies/0');
    expect(await record(event('five', { type: 'policy.superseded', by: 'boat' }))).toBe('repeated-policy /by');
  });

  it('is recorded by its slug from a file, also one that gives the alias further down', async () => {
    const lines = [
      event('one', { policy: 'boat' }),
      event('one'),
      event('two', { policy: 'span', alsoPolicies: ['boat', 'tube'] }),
      event('three', { policy: 'bridge', alsoPolicies: ['span'] }),
      event('six', { type: 'policy.superseded', policy: 'bridge', by: 'span' }),
      event('four', { policy: 'nobody' }),
      { policy: policy('bridge', 'span') },
      renamed('five', ['tube'], { policy: 'tunnel' }),
    ];
    const outcome = [
      'recorded',
      'repeated',
      'recorded',
      'rejected repeated-policy /alsoPolicies/0',
      'rejected repeated-policy /by',
      'rejected unknown-policy /policy',
      'recorded',
      'recorded',
    ];
    expect(await imported(...lines)).toEqual(outcome);
    expect(await imported(...lines)).toEqual(outcome.map((line) => line.replace('recorded', 'repeated')));
    expect(await stored('one')).toMatchObject({ policy: 'ferry' });
    expect(await stored('two')).toMatchObject({ policy: 'bridge', alsoPolicies: ['ferry', 'tunnel'] });
  });
});

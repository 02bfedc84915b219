import { describe, expect, it } from '@jest/globals';
import { eventOf, listOf, openPage, refuseWith, rowOf } from '../page-fixture.js';

const ROOT = 'TFaoTj+4rGVYsMFdu+hHufpgq03HVlDTD+YyjSiB6AA=';
const selfCheck = {
  status: 'ok',
  message: 'The log was checked lately.',
  log: { lastFullPass: { finishedAt: '2026-11-22T10:00:00.000Z', size: 41, findings: 0 }, passes: 3, findings: [] },
  rows: { lastFullRound: { finishedAt: '2026-11-22T10:00:00.000Z', policies: 2, rows: 90 }, findings: [] },
  engines: { compared: 2300, differing: 0, lastComparedAt: null },
  trouble: null,
  follower: { state: 'following', size: 41, lagEvents: 0 },
};
const answers = {
  '/v1/audit/checkpoint': `harbour/1\n41\n${ROOT}\n\n— harbour/1 AA==\n`,
  '/v1/audit/public-key': 'harbour/1+ab+AA\n',
  '/v1/audit/self-check': selfCheck,
  '/v1/events?recordedAt=@41&limit=1': listOf([]),
};

describe('the page of the audit', () => {
  it('shows size, root and age of the latest checkpoint, and the key', async () => {
    const { text } = await openPage('/audit', answers);
    expect(text).toContain('41 entries, from @1 to @41');
    expect(text).toContain('4c56a84e3fb8');
    expect(text).toContain(ROOT);
    expect(text).toMatch(/recorded on 22 November 2026, 10:00, .* ago/);
    expect(text).toContain('harbour/1+ab+AA');
  });

  it('says what each level of checking leaves open, and claims to have checked nothing', async () => {
    const { text, body } = await openPage('/audit', answers);
    expect(text.match(/Leaves open:/g)).toHaveLength(5);
    expect(text).toContain('What is not marked as checked was not checked.');
    expect(body.match(/id="audit-level-\d" class="level-result"><\/div>/g)).toHaveLength(5);
  });

  it('says in words what the service finds in itself', async () => {
    const { text } = await openPage('/audit', answers);
    expect(text).toContain('Nothing was found. The log was checked lately.');
    expect(text).toContain('2 300 answers compared, 0 of them differed.');
    const found = await openPage('/audit', {
      ...answers,
      '/v1/audit/self-check': {
        ...selfCheck,
        status: 'found',
        log: { ...selfCheck.log, findings: [{ position: 7, message: 'The entry is not as it was signed.' }] },
        trouble: { message: 'No connection.', at: '2026-11-22T10:00:00.000Z' },
      },
    });
    expect(found.text).toContain('Something was found.');
    expect(found.text).toContain('At @7: The entry is not as it was signed.');
    expect(found.text).toContain('No connection.');
  });

  it('writes since when nobody has looked as it writes every other time', async () => {
    const message = 'The last pass over the whole log ended at 2026-11-22T10:00:00.000Z: no passes are running.';
    const { text } = await openPage('/audit', {
      ...answers,
      '/v1/audit/self-check': { ...selfCheck, status: 'stale', message },
    });
    expect(text).toContain('The last pass over the whole log ended at 22 November 2026, 10:00: no passes are running.');
    expect(text).not.toContain('2026-11-22T');
  });

  it('offers what is needed to check without the operator', async () => {
    const { body, text } = await openPage('/audit', answers);
    for (const path of ['export', 'checkpoint', 'public-key']) expect(body).toContain(`href="/v1/audit/${path}"`);
    expect(text).toContain('npx ptl verify');
  });

  it('says so where nothing is signed', async () => {
    const { text } = await openPage('/audit', { ...answers, '/v1/audit/checkpoint': refuseWith(503) });
    expect(text).toContain('Nothing is signed yet.');
    expect(await openPage('/audit', { ...answers, '/v1/audit/checkpoint': refuseWith(500) })).toMatchObject({
      status: 500,
    });
  });
});

describe('the page of what is live', () => {
  const at = 'knownAt=2024-10-10T22:59:59.999Z';
  const valid = 'validAt=2024-10-10T22:59:59.999Z';
  const difference = (before: number) =>
    `/v1/diff?from.recordedAt=@${before}&from.${at}&from.${valid}&to.recordedAt=@41&to.${at}&to.${valid}`;

  it('lists what was recorded last, the newest first, with a place for the stream', async () => {
    const { text, body } = await openPage('/live', {
      '/v1/events?limit=1': listOf([]),
      [difference(11)]: { added: ['earlier', 'later', 'long-known'] },
      '/v1/events/earlier': eventOf('earlier', { position: 30 }),
      '/v1/events/later': eventOf('later', { ...rowOf('later'), position: 40 }),
      '/v1/events/long-known': eventOf('long-known', { position: 2 }),
    });
    expect(text).toMatch(/What later tells\. .*@40, 22 November 2026, 10:00 What earlier tells\./);
    expect(text).not.toContain('long-known');
    expect(body).toContain('<div id="stream" class="stream-place" data-after="41">');
    expect(body).toContain('href="/v1/stream?after=41"');
  });

  it('says in a sentence that there is nothing', async () => {
    const { text } = await openPage('/live', { '/v1/events?limit=1': listOf([]), '/v1/diff': { added: [] } });
    expect(text).toContain('No event came into force with the positions @12 to @41.');
  });
});

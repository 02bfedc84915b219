import { readFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  announcementsOf,
  importLines,
  openTestRecording,
  recordsOf,
  registrationInput,
} from '../../../../test/support/events/recording.js';
import { Interrupted } from '#runtime/turns';
import type { EventLog } from '#event-log';
import type { ImportLine, ImportOptions, ImportService } from './import-service.js';

const NOW = Date.parse('2026-11-24T12:00:00Z');

const policy = (slug: string) => ({ policy: registrationInput(slug) });

const event = announcementsOf('toll');

const aboutRecord = recordsOf('toll');

const follows = (...keys: readonly string[]) => ({ links: keys.map((to) => ({ rel: 'follows', to })) });

let log: EventLog;
let service: ImportService;

beforeEach(() => {
  ({ log, imports: service } = openTestRecording(NOW));
});

const imported = (
  input: string | Buffer | readonly object[],
  options: Partial<ImportOptions> = {},
): Promise<readonly ImportLine[]> => importLines(service, input, options);

const shown = (answers: readonly ImportLine[]): readonly unknown[] =>
  answers.map((answer) =>
    'summary' in answer
      ? answer.summary
      : [answer.line, answer.result, answer.key, ...(answer.errors ?? []).map(({ code }) => code)]
          .filter((part) => part !== undefined)
          .join(' '),
  );

const keysInLog = async (): Promise<readonly string[]> => (await log.readAll(0 as never, 1000)).map(({ key }) => key);

const summary = (lines: number, recorded: number, repeated: number, rejected: number, dryRun = false) => ({
  lines,
  recorded,
  repeated,
  rejected,
  dryRun,
});

describe('an import', () => {
  it.each([true, false])('names in every entry who sent it (atomic: %p)', async (atomic) => {
    await imported([policy('toll'), event('one'), event('two')], { atomic, by: 'key-1' });
    await imported([event('one'), event('three')], { atomic, by: 'key-2' });
    await imported([event('four')], { atomic });
    expect((await log.readAll(0 as never, 10)).map(({ v, by }) => `${v} ${by}`)).toEqual([
      ...['2 key-1', '2 key-1', '2 key-1', '2 key-2', '1 undefined'],
    ]);
  });

  it('takes lines whose names differ in form alone for the same, and records them in one form', async () => {
    const by = (name: string) => event('one', { actors: [{ name, kind: 'person' }] });
    const registered = (title: string) => ({ policy: { ...policy('toll').policy, title } });
    expect(
      (await imported([registered('Café'), registered('Cafe\u0301'), by(' Va\u0301squez'), by('Vásquez')])).map(
        (answer) => 'result' in answer && answer.result,
      ),
    ).toEqual(['recorded', 'repeated', 'recorded', 'repeated', false]);
    expect((await log.readKeys(['one']))[0]?.entry).toContain('"name":"Vásquez"');
  });

  it('answers each line in order and sums up; links may point forward', async () => {
    const lines = [
      event('second', follows('first')),
      aboutRecord('record.retracted', 'gone', 'first'),
      event('first'),
      policy('toll'),
    ];
    expect(shown(await imported(lines))).toEqual([
      '1 recorded second',
      '2 recorded gone',
      '3 recorded first',
      '4 recorded toll',
      summary(4, 4, 0, 0),
    ]);
    expect(await keysInLog()).toEqual(['registered:toll', 'second', 'first', 'gone']);
  });

  it('appends nothing when it is repeated', async () => {
    const lines = [policy('toll'), event('one', { note: 'x' }), event('two', follows('one'))];
    await imported(lines);
    expect(shown(await imported(lines))).toEqual([
      '1 repeated toll',
      '2 repeated one',
      '3 repeated two',
      summary(3, 0, 3, 0),
    ]);
    expect(await keysInLog()).toHaveLength(3);
  });

  it('loses nothing to bad lines, which it names', async () => {
    const good = [policy('toll'), event('one')].map((line) => JSON.stringify(line));
    const text = [
      good[0],
      '{"key": ',
      '',
      '   ',
      '[]',
      JSON.stringify(event('bad', { occurred: '2025-02-30' })),
      good[1],
      '{"a":1,"a":2}',
      `"${'x'.repeat(1_100_000)}"`,
    ].join('\r\n');
    expect(shown(await imported(text))).toEqual([
      '1 recorded toll',
      '2 rejected not-json',
      '5 rejected not-an-object',
      '6 rejected bad date-outside-profile',
      '7 recorded one',
      '8 rejected not-json',
      '9 rejected over-limit',
      summary(7, 2, 0, 5),
    ]);
  });

  it('refuses a line that is not UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from(`${JSON.stringify(policy('toll'))}\n`), Buffer.from([0x22, 0xff, 0x22])]);
    expect(shown(await imported(bytes))).toEqual(['1 recorded toll', '2 rejected malformed-text', summary(2, 1, 0, 1)]);
  });

  it('passes over a byte order mark before any line', async () => {
    const mark = '\ufeff';
    const text = `${mark}${JSON.stringify(policy('toll'))}\r\n${mark}${JSON.stringify(event('one'))}\n${mark}\n`;
    const all = ['1 recorded toll', '2 recorded one', summary(2, 2, 0, 0)];
    expect(shown(await imported(text))).toEqual(all);
    expect(shown(await imported(text.replaceAll(mark, '')))).toEqual(
      all.map((line) => (typeof line === 'string' ? line.replace('recorded', 'repeated') : summary(2, 0, 2, 0))),
    );
    expect(shown(await imported(mark))).toEqual([summary(0, 0, 0, 0)]);
  });

  it.each([
    ['UTF-16 with a mark', Buffer.from(`\ufeff${JSON.stringify(policy('toll'))}`, 'utf16le'), 'UTF-8'],
    ['UTF-16 without a mark', Buffer.from(JSON.stringify(policy('toll')), 'utf16le'), 'UTF-8'],
    ['gzip', gzipSync(JSON.stringify(policy('toll'))).subarray(0, 10), 'compressed'],
    ['lines that end in carriage returns', Buffer.from('{"a":1}\r{"b":2}\r'), 'line feed'],
    ['a NUL within text', Buffer.from('{"key":"a\u0000"}'), 'UTF-16'],
    ['a mark within the line', Buffer.from('{\ufeff}'), 'JSON'],
    ['two marks', Buffer.from(`\ufeff\ufeff${JSON.stringify(policy('toll'))}`), 'JSON'],
    ['a line that is only a number', Buffer.from('1e999'), 'object'],
    ['a policy that is a list', Buffer.from('{"policy":[]}'), ''],
    ['a slug that is half a pair', Buffer.from('{"policy":{"slug":"\\ud800"}}'), ''],
    ['a key of any type', Buffer.from('{"type":"policy.announced","key":{"a":[]}}'), ''],
  ])('names a line of %s, and loses no other', async (_about, bytes, message) => {
    const lines = Buffer.concat([bytes, Buffer.from(`\n${JSON.stringify(policy('good'))}`)]);
    const answers = await imported(lines);
    expect(answers.at(-1)).toEqual({ summary: expect.objectContaining({ recorded: 1 }) });
    const [first] = answers;
    expect(first).toMatchObject({ line: 1, result: 'rejected' });
    expect(JSON.stringify(first)).toContain(message);
  });

  it('takes the largest set that holds together', async () => {
    const lines = [
      policy('toll'),
      event('bad', { colour: 1 }),
      event('hangs', follows('bad')),
      event('hangs-higher', follows('hangs')),
      event('future', { publishedAt: '2030-01-01' }),
      aboutRecord('record.retracted', 'about-future', 'future'),
      event('homeless', { policy: 'nowhere' }),
      event('stands', follows('stands-too')),
      event('stands-too'),
    ];
    expect(shown(await imported(lines))).toEqual([
      '1 recorded toll',
      '2 rejected bad unknown-field',
      '3 rejected hangs target-rejected',
      '4 rejected hangs-higher target-rejected',
      '5 rejected future published-in-future',
      '6 rejected about-future target-rejected',
      '7 rejected homeless unknown-policy',
      '8 recorded stands',
      '9 recorded stands-too',
      summary(9, 3, 0, 6),
    ]);
  });

  it('refuses circles of follows and of targets, and what hangs on them', async () => {
    const lines = [
      policy('toll'),
      event('one', follows('two')),
      event('two', follows('three')),
      event('three', follows('one')),
      event('outside', follows('one')),
      aboutRecord('record.retracted', 'x', 'y'),
      aboutRecord('record.retracted', 'y', 'x'),
      event('fine'),
    ];
    expect(shown(await imported(lines))).toEqual([
      '1 recorded toll',
      '2 rejected one cycle',
      '3 rejected two cycle',
      '4 rejected three cycle',
      '5 rejected outside target-rejected',
      '6 rejected x cycle',
      '7 rejected y cycle',
      '8 recorded fine',
      summary(8, 2, 0, 6),
    ]);
  });

  it('refuses a circle that a correction closes with what is on record', async () => {
    await imported([policy('toll'), event('old'), event('older', follows('old'))]);
    const lines = [
      event('new', follows('older')),
      aboutRecord('record.corrected', 'fix', 'old', { changes: follows('new') }),
    ];
    const answers = shown(await imported(lines));
    expect(answers.slice(-1)).toEqual([summary(2, 0, 0, 2)]);
    expect(answers[1]).toBe('2 rejected fix cycle');
  });

  it('takes a key once: the same body again is a repeat, another is refused', async () => {
    expect(
      shown(await imported([policy('toll'), event('one'), event('one'), event('one', { summary: 'Other.' })])),
    ).toEqual([
      '1 recorded toll',
      '2 recorded one',
      '3 repeated one',
      '4 rejected one key-reused',
      summary(4, 2, 1, 1),
    ]);
  });

  it('refuses a key and a policy that are on record with other bodies', async () => {
    await imported([policy('toll'), event('one')]);
    const other = { policy: { ...policy('toll').policy, title: 'Another' } };
    expect(shown(await imported([other, event('one', { summary: 'Other.' }), event('two')]))).toEqual([
      '1 rejected toll key-reused',
      '2 rejected one key-reused',
      '3 recorded two',
      summary(3, 1, 0, 2),
    ]);
  });

  it('records nothing in a dry run and answers the same', async () => {
    const lines = [policy('toll'), event('one'), event('bad', { colour: 1 })];
    expect(shown(await imported(lines, { dryRun: true }))).toEqual([
      '1 recorded toll',
      '2 recorded one',
      '3 rejected bad unknown-field',
      summary(3, 2, 0, 1, true),
    ]);
    expect(await keysInLog()).toEqual([]);
  });

  it('records all or nothing when it is atomic', async () => {
    const lines = [policy('toll'), event('one')];
    expect(shown(await imported([...lines, event('bad', { colour: 1 })], { atomic: true }))).toEqual([
      '1 not-recorded toll',
      '2 not-recorded one',
      '3 rejected bad unknown-field',
      summary(3, 0, 0, 1),
    ]);
    expect(await keysInLog()).toEqual([]);
    expect(await imported(lines, { atomic: true })).toMatchObject([
      { result: 'recorded', position: 1 },
      { result: 'recorded', position: 2 },
      { summary: { recorded: 2 } },
    ]);
  });

  it('corrects a correction in one file', async () => {
    const lines = [
      policy('toll'),
      event('one'),
      aboutRecord('record.corrected', 'fix', 'one', { changes: { summary: 'Better.' } }),
      aboutRecord('record.corrected', 'fix-of-fix', 'fix', { changes: { changes: { summary: 'Best.' } } }),
      aboutRecord('record.corrected', 'wrong', 'fix', { changes: { changes: { host: 'France' } } }),
    ];
    expect(shown(await imported(lines)).slice(3)).toEqual([
      '4 recorded fix-of-fix',
      '5 rejected wrong unknown-field',
      summary(5, 4, 0, 1),
    ]);
  });

  it('loads every seed', async () => {
    const folder = new URL('../../../../seeds/', import.meta.url);
    const text = readdirSync(folder)
      .filter((name) => name.endsWith('.ndjson'))
      .sort()
      .map((name) => readFileSync(new URL(name, folder), 'utf8'))
      .join('');
    expect(shown(await imported(text)).slice(-1)).toEqual([summary(343, 343, 0, 0)]);
    expect(shown(await imported(text)).slice(-1)).toEqual([summary(343, 0, 343, 0)]);
  });
});

describe('a line that corrects', () => {
  it('is judged by what it leaves behind, with the log and the lines before it', async () => {
    const closed = event('closed', { occurred: '2024', effective: { to: '2024-06-30' }, publishedAt: '2025-01-01' });
    const corrected = (key: string, target: string, changes: object) =>
      aboutRecord('record.corrected', key, target, { changes });
    await imported([policy('toll'), closed]);
    expect(
      (
        await imported([
          corrected('c0', 'closed', { occurred: null }),
          corrected('c1', 'closed', { effective: { to: '2023-06' } }),
          corrected('c2', 'closed', { occurred: '2023' }),
          corrected('c3', 'closed', { effective: { to: '2023-06' } }),
          corrected('c4', 'c2', { changes: { occurred: '2024-07' } }),
          event('late', { occurred: '2024', effective: { to: '2024-06' } }),
          corrected('c5', 'late', { occurred: '2024-07' }),
        ])
      ).flatMap((answer) => ('errors' in answer ? answer.errors.map(({ pointer }) => `${answer.key} ${pointer}`) : [])),
    ).toEqual([
      'c0 /changes/occurred',
      'c1 /changes/effective/to',
      'c4 /changes/changes/occurred',
      'c5 /changes/occurred',
    ]);
  });
});

describe('limits of what is about one event', () => {
  const chain = Array.from({ length: 40 }, (_each, index) =>
    aboutRecord('record.retracted', `r${index + 1}`, index === 0 ? 'one' : `r${index}`),
  );
  const answersTo = async (lines: readonly object[]): Promise<Readonly<Record<string, unknown>>> => {
    const answers: Record<string, unknown> = {};
    for (const answer of await imported(lines))
      if ('summary' in answer) answers['rejected'] = answer.summary.rejected;
      else answers[answer.key ?? ''] = answer.errors?.[0]?.code ?? answer.result;
    return answers;
  };

  it.each([
    ['in order', [event('one'), ...chain]],
    ['turned round', [event('one'), ...chain].reverse()],
  ])('hold for file and log together, lines %s', async (_how, lines) => {
    await imported([policy('toll')]);
    const answers = { rejected: 8, r32: 'recorded', r33: 'target-chain-too-long', r34: 'target-rejected' };
    expect(await answersTo(lines)).toMatchObject(answers);
    expect(await answersTo([aboutRecord('record.retracted', 'more', 'r32')])).toMatchObject({
      more: 'target-chain-too-long',
    });
    const stars = Array.from({ length: 170 }, (_each, index) => aboutRecord('record.retracted', `s${index}`, 'one'));
    expect(await answersTo([...stars, event('two', follows('s167', 's168')), event('three')])).toMatchObject({
      s167: 'recorded',
      s168: 'too-many-records-about',
      s169: 'too-many-records-about',
      two: 'target-rejected',
      three: 'recorded',
      rejected: 3,
    });
  });

  it.each([true, false])('still let the event itself be retracted, once; dry run: %s', async (dryRun) => {
    const corrections = Array.from({ length: 202 }, (_each, index) =>
      aboutRecord('record.corrected', `c${index}`, 'one', { changes: { note: 'x' } }),
    );
    const retractions = [
      aboutRecord('record.retracted', 'gone', 'one'),
      aboutRecord('record.retracted', 'again', 'one'),
      aboutRecord('record.retracted', 'undone', 'gone'),
    ];
    const answers = shown(await imported([policy('toll'), event('one'), ...corrections, ...retractions], { dryRun }));
    expect(answers.slice(-7)).toEqual([
      '202 recorded c199',
      '203 rejected c200 too-many-records-about',
      '204 rejected c201 too-many-records-about',
      '205 recorded gone',
      '206 rejected again too-many-records-about',
      '207 rejected undone too-many-records-about',
      summary(207, 203, 0, 4, dryRun),
    ]);
  });

  it('count no line that falls itself, and judge lines that need each other together', async () => {
    const pairs = Array.from({ length: 150 }, (_each, index) => [
      aboutRecord('record.retracted', `a${index}`, 'one', { links: [{ rel: 'about', to: `b${index}` }] }),
      aboutRecord('record.retracted', `b${index}`, 'one', { links: [{ rel: 'about', to: `a${index}` }] }),
    ]).flat();
    const falling = Array.from({ length: 50 }, (_each, index) =>
      aboutRecord('record.retracted', `f${index}`, 'one', { links: [{ rel: 'about', to: 'bad' }] }),
    );
    const lines = [policy('toll'), event('one'), event('bad', { colour: 1 }), ...falling, ...pairs.slice(0, 198)];
    expect(
      await answersTo([...lines, aboutRecord('record.retracted', 'odd', 'one'), ...pairs.slice(198)]),
    ).toMatchObject({
      f0: 'target-rejected',
      a98: 'recorded',
      odd: 'recorded',
      a99: 'target-rejected',
      b99: 'too-many-records-about',
      rejected: 1 + 50 + 102,
    });
  });

  it('hold for events whose dates depend on each other, and not for a series of days', async () => {
    await imported([policy('toll')]);
    const linked = Array.from({ length: 203 }, (_each, index) =>
      event(`y${index}`, { occurred: '2023', ...(index === 0 ? {} : follows(`y${index - 1}`)) }),
    );
    const days = Array.from({ length: 300 }, (_each, index) => {
      const occurred = new Date(Date.UTC(2022, 0, 1 + index)).toISOString().slice(0, '2022-01-01'.length);
      return event(`d${index}`, { occurred, ...(index === 0 ? {} : follows(`d${index - 1}`)) });
    });
    expect(await answersTo([...linked, ...days].reverse())).toMatchObject({
      rejected: 3,
      y199: 'recorded',
      y200: 'linked-set-too-large',
      y201: 'target-rejected',
      d299: 'recorded',
    });
    expect(
      await answersTo([
        aboutRecord('record.corrected', 'joins', 'd3', { changes: { links: [{ rel: 'follows', to: 'y5' }] } }),
        aboutRecord('record.corrected', 'meets', 'd3', { changes: { occurred: '2023' } }),
        aboutRecord('record.corrected', 'fine', 'd3', { changes: { occurred: '2022-01' } }),
      ]),
    ).toEqual({ rejected: 1, joins: 'recorded', meets: 'linked-set-too-large', fine: 'recorded' });
  });
});

describe('an import that nobody waits for any more', () => {
  const lines = [policy('toll'), ...Array.from({ length: 1_200 }, (_each, index) => event(`e${index}`))];

  it('ends during the check, before anything is recorded', async () => {
    const gone = new AbortController();
    const readKeys = log.readKeys.bind(log);
    log.readKeys = (keys) => {
      gone.abort();
      return readKeys(keys);
    };
    await expect(imported(lines, { signal: gone.signal })).rejects.toThrow(Interrupted);
    expect((await log.head()).position).toBe(0);
  });

  it('ends between two batches, and is completed by the same again', async () => {
    const gone = new AbortController();
    const appendMany = log.appendMany.bind(log);
    log.appendMany = (requests) => {
      if (requests.length === 500) gone.abort();
      return appendMany(requests);
    };
    await expect(imported(lines, { signal: gone.signal })).rejects.toThrow(Interrupted);
    expect((await log.head()).position).toBe(501);
    expect(shown(await imported(lines)).at(-1)).toEqual(summary(1_201, 700, 501, 0));
  });

  it('records nothing where it is atomic', async () => {
    const gone = new AbortController();
    const appendTogether = log.appendTogether.bind(log);
    log.appendTogether = (batches) => {
      gone.abort();
      return appendTogether(batches);
    };
    await expect(imported(lines, { atomic: true, signal: gone.signal })).rejects.toThrow(Interrupted);
    expect((await log.head()).position).toBe(0);
  });
});

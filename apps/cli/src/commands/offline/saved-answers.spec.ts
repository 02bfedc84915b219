import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from '@jest/globals';
import { type OutputOptions, withOutput } from '../../render/formats.js';
import { type ComparedAnswer, renderComparisons } from './saved-answers.js';

const compared: readonly ComparedAnswer[] = [
  { file: 'a.json', address: '/v1/figures', outcome: 'equal', differences: [], erasable: 0, message: null },
  {
    file: 'b, "c".json',
    address: '/v1/policies/ferry',
    outcome: 'differs',
    differences: [
      { pointer: '/state/status', saved: 'ended', made: 'paused' },
      { pointer: '/title', saved: undefined, made: 'Fähre' },
    ],
    erasable: 1,
    message: null,
  },
  { file: 'd.json', address: '/v1/events', outcome: 'no-answer', differences: [], erasable: 0, message: 'Not there.' },
];

async function written(options: OutputOptions): Promise<string> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const out = text(stdout);
  await withOutput({ stdin, stdout, stderr, env: {} }, options, (output) => renderComparisons(compared, output));
  stdout.end();
  return out;
}

it.each([
  [
    {},
    [
      'equal a.json: /v1/figures',
      'differs b, "c".json: /v1/policies/ferry',
      '  /state/status: saved "ended", from the export "paused"',
      '  /title: saved nothing, from the export "Fähre"',
      '  not compared: 1 texts that can be erased, which no export has',
      'no answer d.json: /v1/events',
      '  Not there.',
      '',
    ].join('\n'),
  ],
  [
    { csv: true },
    [
      'file,address,outcome,pointer,saved,made,erasable,message',
      'a.json,/v1/figures,equal,,,,0,',
      '"b, ""c"".json",/v1/policies/ferry,differs,/state/status,ended,paused,1,',
      '"b, ""c"".json",/v1/policies/ferry,differs,/title,,Fähre,1,',
      'd.json,/v1/events,no-answer,,,,0,Not there.',
      '',
    ].join('\r\n'),
  ],
])('writes what came of comparisons with %j', async (options, expected) => {
  expect(await written(options)).toBe(expected);
});

it('writes a line of NDJSON for each place that differs, and one JSON value', async () => {
  const lines = (await written({ ndjson: true })).trimEnd().split('\n');
  expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
    { file: 'a.json', outcome: 'equal', pointer: null },
    { pointer: '/state/status', saved: 'ended', made: 'paused' },
    { pointer: '/title', saved: null, made: 'Fähre' },
    { outcome: 'no-answer', message: 'Not there.' },
  ]);
  expect(JSON.parse(await written({ json: true }))).toMatchObject({ answers: [{}, { erasable: 1 }, {}] });
});

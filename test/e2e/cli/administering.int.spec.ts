import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestApplication, runApplication } from '../running-application.js';
import { linesIn, parseCsv } from './outputs.js';
import { inProcess } from './running-ptl.js';

const FORMATS = ['text', 'json', 'ndjson', 'csv'] as const;
type Format = (typeof FORMATS)[number];

/** Where others are at work. */
const LIMIT_MS = 90_000;

/** The commands that change a service, and the list of what they change: each in every format, one run after the other. */
describe('ptl, for who runs the service', () => {
  let application: TestApplication;
  let operator: string | undefined;
  const ids: string[] = [];

  beforeAll(async () => {
    application = await runApplication();
  }, LIMIT_MS);
  afterAll(() => application.stop());

  const variables = (): Readonly<Record<string, string>> => ({
    PTL_URL: application.url,
    ...(operator === undefined ? {} : { PTL_KEY: operator }),
  });
  const ask = (command: string, format: Format) =>
    inProcess([...command.split(' '), ...(format === 'text' ? [] : [`--${format}`])], variables());

  /** What each format says: so many rows of NDJSON and CSV, one value of JSON, and a text. */
  async function inEveryFormat(commandFor: (format: Format) => string) {
    const said: Partial<Record<Format, string>> = {};
    for (const format of FORMATS) {
      const { code, out } = await ask(commandFor(format), format);
      expect({ format, code, out }).toMatchObject({ format, code: 0 });
      said[format] = out;
    }
    const [{ text = '', json = '', ndjson = '', csv = '' }] = [said];
    const [header = [], ...records] = parseCsv(csv);
    expect(header[0]).toMatch(/^(?:id|name)$/);
    expect(records.every((record) => record.length === header.length)).toBe(true);
    const document: unknown = JSON.parse(json);
    return { text, document, lines: linesIn(ndjson), records };
  }

  it('lists no keys where there are none', async () => {
    expect((await ask('keys list', 'text')).said).toMatch(/^No keys\.$/m);
    const { text, document, lines, records } = await inEveryFormat(() => 'keys list');
    expect([text, document, lines, records]).toEqual(['', expect.objectContaining({ items: [] }), [], []]);
  });

  it('makes keys, and shows each once', async () => {
    const first = await ask('keys create --name first --role operator', 'text');
    expect(first).toMatchObject({ code: 0, out: expect.stringMatching(/^ptl_\w+\n$/) });
    operator = first.out.trim();
    const made = await inEveryFormat((format) => `keys create --name of-${format} --role reader`);
    expect([made.text, made.lines, made.records]).toEqual([
      expect.stringMatching(/^ptl_\w+\n$/),
      [expect.objectContaining({ name: 'of-ndjson', key: expect.stringMatching(/^ptl_/) })],
      [expect.arrayContaining(['of-csv', expect.stringMatching(/^ptl_/)])],
    ]);
    expect(made.document).toMatchObject({ name: 'of-json', role: 'reader', key: expect.stringMatching(/^ptl_/) });
  });

  it('lists keys, and none of what they are', async () => {
    const { text, document, lines, records } = await inEveryFormat(() => 'keys list');
    expect([lines.length, records.length]).toEqual([5, 5]);
    expect(document).toMatchObject({ items: lines });
    for (const name of ['first', 'of-text', 'of-json', 'of-ndjson', 'of-csv']) expect(text).toContain(name);
    expect(JSON.stringify([text, document, lines, records])).not.toContain('ptl_');
    for (const line of lines) if ('id' in line && 'name' in line && line.name !== 'first') ids.push(String(line.id));
  });

  it('revokes keys', async () => {
    const left = [...ids];
    const { text, document, lines, records } = await inEveryFormat(() => `keys revoke ${left.pop() ?? ''}`);
    expect([text, document, lines, records.length]).toEqual([
      `${ids[3] ?? ''}: revoked\n`,
      expect.objectContaining({ id: ids[2], revokedAt: expect.any(String) }),
      [expect.objectContaining({ id: ids[1] })],
      1,
    ]);
  });

  it(
    'rebuilds read models',
    async () => {
      const { text, document, lines, records } = await inEveryFormat(() => 'projections rebuild figures');
      expect([text, document, lines, records.length]).toEqual([
        'figures: done\n',
        expect.objectContaining({ name: 'figures', rebuild: expect.objectContaining({ state: 'done' }) }),
        [expect.objectContaining({ name: 'figures' })],
        1,
      ]);
    },
    LIMIT_MS,
  );

  it.each([
    ['keys create --role reader', 2, /--name/],
    ['keys create --name other --role emperor', 4, /role/],
    ['keys create --name other --role reader --expires yesterday', 4, /expires/],
    ['keys list everything', 2, /too many arguments/],
    ['keys revoke', 2, /missing required argument 'id'/],
    ['keys revoke nothing', 3, /nothing/],
    ['projections rebuild nothing', 3, /nothing/],
  ])('refuses %s with exit code %s', async (command, code, said) => {
    for (const format of FORMATS)
      expect({ format, ...(await ask(command, format)) }).toEqual({
        format,
        code,
        out: '',
        said: expect.stringMatching(said),
      });
  });
});

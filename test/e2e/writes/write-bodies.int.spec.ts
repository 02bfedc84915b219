import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkedFetch } from '../../support/http/checked-fetch.js';
import type { ProblemAnswer } from '../reads/answers.js';
import { runApplication, type TestApplication } from '../running-application.js';

const FORM = 'application/x-www-form-urlencoded';
const NDJSON = 'application/x-ndjson';

describe('the bodies of writes', () => {
  let application: TestApplication;
  beforeAll(async () => {
    application = await runApplication();
  });
  afterAll(() => application.stop());

  /** Sends just these headers: fetch adds a type of its own to text, and none to bytes. */
  const sent = async (path: string, body: string | Buffer, headers: Readonly<Record<string, string>> = {}) => {
    const response = await checkedFetch(`${application.url}${path}`, {
      method: 'POST',
      headers,
      body: Buffer.from(body),
    });
    const text = await response.text();
    const problem: ProblemAnswer | undefined = response.status < 400 ? undefined : JSON.parse(text);
    return { status: response.status, detail: problem?.detail ?? '', text };
  };

  const takers = [
    ['/v1/policies', 'application/json'],
    ['/v1/policies/any/events', 'application/json'],
    ['/v1/projections/figures/set-aside/any/retry', 'application/json'],
    ['/v1/imports', NDJSON],
  ] as const;

  it.each(takers)('say which type %s takes, whatever type was sent', async (path, taken) => {
    for (const given of [
      FORM,
      'text/plain;charset=UTF-8',
      'application/jsonl',
      'multipart/form-data; boundary=x',
      '',
    ]) {
      const { status, detail } = await sent(path, '{}', given === '' ? {} : { 'content-type': given });
      expect([given, status, detail]).toEqual([given, 415, expect.stringContaining(`takes ${taken}`)]);
      expect(detail.includes(`-H 'Content-Type: ${taken}'`)).toBe(/^$|form/.test(given));
    }
    const other = taken === NDJSON ? 'application/json' : NDJSON;
    expect(await sent(path, '{}', { 'content-type': other })).toMatchObject({
      status: 415,
      detail: expect.stringContaining(`takes ${taken}`),
    });
  });

  it.each(takers)('are refused in another coding by %s', async (path, type) => {
    const coded = await sent(path, gzipSync('{}'), { 'content-type': type, 'content-encoding': 'gzip' });
    expect([coded.status, coded.detail]).toEqual([415, expect.stringContaining('gzip')]);
    const charset = await sent(path, '{}', { 'content-type': `${type}; charset=utf-16` });
    expect([charset.status, charset.detail]).toEqual([415, expect.stringContaining('utf-16')]);
  });

  it('may begin with a byte order mark', async () => {
    const policy = (slug: string) => ({ slug, title: 'Ferry', kind: 'scheme', jurisdiction: 'GB' });
    const single = await sent('/v1/policies', `\ufeff${JSON.stringify(policy('ferry'))}`, {
      'content-type': 'application/json',
    });
    expect(single.status).toBe(201);
    const line = `\ufeff${JSON.stringify({ policy: policy('boat') })}\n`;
    const imported = await sent('/v1/imports', line, { 'content-type': NDJSON });
    expect([imported.status, imported.text]).toEqual([200, expect.stringContaining('"recorded":1')]);
  });

  it('may be empty for an import: it has no lines', async () => {
    const { status, text } = await sent('/v1/imports', '', { 'content-type': NDJSON });
    expect([status, JSON.parse(text)]).toEqual([200, { summary: expect.objectContaining({ lines: 0, recorded: 0 }) }]);
  });
});

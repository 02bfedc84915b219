import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Service } from '../../service/service.js';
import { download } from './download.js';

/** Three megabytes that do not repeat. */
const content = Buffer.concat(
  Array.from({ length: 98_304 }, (_, index) => createHash('sha256').update(String(index)).digest()),
);
const sha256 = createHash('sha256').update(content).digest();

/** How the next answer ends: after so many bytes, if not whole. */
interface Script {
  cuts: readonly number[];
  etag: string;
  digest: Buffer;
}

describe('a download', () => {
  let folder: string;
  let server: Server;
  let script: Script;
  let asked: (string | undefined)[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ptl-download-'));
    asked = [];
    script = { cuts: [], etag: '"one"', digest: sha256 };
    server = createServer((request, response) => {
      const { range, 'if-range': ifRange } = request.headers;
      asked.push(range);
      const [cut, ...rest] = script.cuts;
      script.cuts = rest;
      const from = range !== undefined && ifRange === script.etag ? Number(/\d+/.exec(range)?.[0]) : 0;
      response.writeHead(from > 0 ? 206 : 200, {
        etag: script.etag,
        'content-length': content.length - from,
        'repr-digest': `sha-256=:${script.digest.toString('base64')}:`,
      });
      const part = content.subarray(from);
      if (cut === undefined) response.end(part);
      else response.write(part.subarray(0, cut), () => response.destroy());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });

  const isWhole = async (): Promise<boolean> => content.equals(await readFile(join(folder, 'facts.csv')));

  async function run() {
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
    const terminal = { ...streams, env: { PTL_URL: `http://127.0.0.1:${port}` } };
    const service = await Service.open(terminal);
    const wanted = { service, path: '/v1/facts.csv', query: { recordedAt: '@41' }, file: join(folder, 'facts.csv') };
    return download({ ...wanted, terminal, pauseMs: 1 });
  }

  it('is whole, has the announced digest, and leaves nothing beside it', async () => {
    expect(await run()).toEqual({ bytes: content.length, sha256: sha256.toString('hex') });
    expect(await isWhole()).toBe(true);
    expect(await readdir(folder)).toEqual(['facts.csv']);
  });

  it('goes on where a connection broke, however often it brings something', async () => {
    script.cuts = Array.from({ length: 7 }, () => 200_000);
    expect((await run()).sha256).toBe(sha256.toString('hex'));
    expect(asked).toHaveLength(8);
    expect(asked.slice(1).every((range) => /^bytes=[1-9]\d*-$/.test(range ?? ''))).toBe(true);
  });

  it('is given up when nothing comes any more, and gone on with by the next run', async () => {
    script.cuts = [1_000_000, 0, 0, 0, 0, 0];
    await expect(run()).rejects.toMatchObject({ code: 5 });
    expect((await readdir(folder)).sort()).toEqual(['facts.csv.part', 'facts.csv.part.json']);
    const before = asked.length;
    expect((await run()).sha256).toBe(sha256.toString('hex'));
    expect(asked.slice(before)).toEqual([expect.stringMatching(/^bytes=\d{5,}-$/)]);
  });

  it('begins anew when the file is another one by now', async () => {
    script.cuts = [500_000];
    server.once('request', () => (script.etag = '"two"'));
    expect((await run()).sha256).toBe(sha256.toString('hex'));
    expect(await isWhole()).toBe(true);
  });

  it('is refused when it has not the announced digest, and nothing of it stays', async () => {
    script.digest = Buffer.alloc(32);
    await expect(run()).rejects.toMatchObject({ code: 5, message: expect.stringMatching(/did not arrive as/) });
    expect(await readdir(folder)).toEqual([]);
  });

  it('does not go on with what was begun at another address', async () => {
    await writeFile(join(folder, 'facts.csv.part'), 'other');
    const note = { address: 'http://127.0.0.1:9/v1/facts.csv', etag: '"one"', bytes: 10, digest: '' };
    await writeFile(join(folder, 'facts.csv.part.json'), JSON.stringify(note));
    expect((await run()).bytes).toBe(content.length);
  });
});

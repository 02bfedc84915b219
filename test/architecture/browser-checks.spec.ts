import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** What browsers load, in bytes, compressed; and names of Node that are left in it. */
interface Bundle {
  readonly atOnce: number;
  readonly later: number;
  readonly inJavaScript: number;
  readonly ofNode: readonly string[];
}

const KB = 1_024;

describe('the checks that run in browsers', () => {
  let page: Bundle;
  let worker: Bundle;

  beforeAll(async () => {
    const { stdout } = await run(process.execPath, ['test/architecture/measure-bundles.mjs'], { cwd: root });
    ({ page, worker } = JSON.parse(stdout));
  });

  it('take at most 6 KB for signature, inclusion and growth, and 4 more to compare an event with its entry', () => {
    expect(page.atOnce).toBeGreaterThan(3 * KB);
    expect(page.atOnce).toBeLessThan(6 * KB);
    expect(page.later).toBeGreaterThan(KB);
    expect(page.later).toBeLessThan(4 * KB);
  });

  it('take at most 45 KB to fold an answer again', () => {
    expect(worker.atOnce + worker.later).toBeGreaterThan(15 * KB);
    expect(worker.atOnce + worker.later).toBeLessThan(45 * KB);
  });

  it('take at most 9 KB for cryptography in JavaScript, where a page has no other', () => {
    expect(page.inJavaScript).toBeGreaterThan(5 * KB);
    expect(page.inJavaScript).toBeLessThan(9 * KB);
  });

  it('name nothing of Node', () => {
    expect([...page.ofNode, ...worker.ofNode]).toEqual([]);
  });
});

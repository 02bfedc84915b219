import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const HINT =
  'Browser tests need Chromium: install it ("apt-get install chromium" on Debian), or set CHROMIUM to the path of one.';

/** The path of the machine's Chromium: the one that `CHROMIUM` names, else the first on the path; undefined if there is none. */
export function findChromium(): string | undefined {
  const { CHROMIUM, PATH = '' } = process.env;
  const candidates = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return (CHROMIUM === undefined ? candidates : [CHROMIUM]).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Starts the machine's Chromium, without sandbox (tests run as root in containers) and without traffic of its own.
 *
 * Throws with the way to get it when there is none.
 */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(HINT);
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/** True if browser tests can run here, or must: under `CI` a missing Chromium is a failure, elsewhere they are skipped and a hint is printed. */
export function canBrowse(): boolean {
  if (findChromium() !== undefined || process.env['CI'] !== undefined) return true;
  process.stderr.write(`${HINT}\n`);
  return false;
}

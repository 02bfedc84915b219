import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const description = z.object({ version: z.string() });

/** The version of this `ptl`, from the nearest `package.json` above: sources and build lie at different depths. */
export function ownVersion(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return description.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).version;
}

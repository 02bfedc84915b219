import { readFileSync } from 'node:fs';

const { scripts }: { scripts: { start: string } } = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
);

/** The flags with which `npm start` runs Node. */
export const startFlags: readonly string[] = scripts.start.match(/--\S+/g) ?? [];

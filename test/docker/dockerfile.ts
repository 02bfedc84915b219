import { readFileSync } from 'node:fs';

/** Stages of the Dockerfile: what they begin from, and their instructions. */
export interface Stage {
  readonly from: string;
  readonly instructions: readonly (readonly [word: string, rest: string])[];
}

/** The stages by their names, in order. */
export function stages(): ReadonlyMap<string, Stage> {
  const found = new Map<string, Stage & { instructions: [string, string][] }>();
  let open: [string, string][] = [];
  for (const line of readFileSync(new URL('../../docker/Dockerfile', import.meta.url), 'utf8')
    .replaceAll('\\\n', ' ')
    .split('\n')) {
    const [, word = '', rest = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    const [, from, name] = /^(\S+) AS (\S+)$/.exec(rest) ?? [];
    if (word === 'FROM' && from !== undefined && name !== undefined) {
      open = [];
      found.set(name, { from, instructions: open });
    } else if (word !== '') open.push([word, rest]);
  }
  return found;
}

/** Everything that holds for an image: the instructions of its stage and of those it begins from. */
export function instructionsOf(target: string): Stage['instructions'] {
  const stage = stages().get(target);
  return stage ? [...instructionsOf(stage.from), ...stage.instructions] : [];
}

/** The apps that are processes. */
export const APPS = ['api', 'projector', 'sequencer'] as const;

/** What a container of the target runs. */
export const commandOf = (target: string): readonly string[] =>
  JSON.parse(new Map(instructionsOf(target)).get('CMD') ?? '[]');

/** The variables that the image sets. */
export const environmentOf = (target: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    instructionsOf(target)
      .filter(([word]) => word === 'ENV')
      .flatMap(([, rest]) => rest.split(' ').map((pair) => pair.split('='))),
  );

import { type Command, Option } from 'commander';
import type { DefineCommand } from '../../define-command.js';
import { EXIT, type ExitCode, Failure } from '../../exit-code.js';
import { type SideOptions, addSideOptions, readSides } from '../../points/options.js';
import { isRange } from '../../points/point.js';
import {
  changesView,
  countsView,
  comparisonSchema,
  isSame,
  namesView,
  patchSchema,
  patchView,
} from '../../render/difference.js';
import { renderDocument } from '../../render/document.js';
import type { AnswerOutput } from '../../render/formats.js';
import type { Query, Service } from '../../service/service.js';
import { type AskOptions, addAskOptions, askService } from '../ask-service.js';

interface Options extends AskOptions, SideOptions {
  readonly all?: boolean;
  readonly stat?: boolean;
  readonly nameOnly?: boolean;
  readonly patch?: boolean;
  readonly quiet?: boolean;
}

export const defineDiff: DefineCommand = (command, terminal, done) => {
  command
    .argument('[policy]', 'slug or alias of a policy; none with --all')
    .argument('[range]', 'A..B, such as 2025-07-08..2025-07-10 or KEY^..KEY; A alone ends now')
    .option('--all', 'all policies')
    .action(async (policy: string | undefined, range: string | undefined, options: Options) =>
      done(
        await askService(terminal, options, async (service, output) => {
          const asked = readArguments([policy, range], options);
          const query = await readSides(service, asked.range, options);
          return compare({ service, output, path: asked.path, query, options });
        }),
      ),
    );
  addAskOptions(addSideOptions(addForms(command)));
};

function addForms(command: Command): Command {
  const forms: readonly (readonly [string, string, string])[] = [
    ['stat', '--stat', 'how many fields changed, by policy and why'],
    ['nameOnly', '--name-only', 'the fields that changed'],
    ['patch', '--patch', 'the JSON Patch (RFC 6902) from the first state to the second'],
    ['quiet', '-q, --quiet', 'nothing but the exit code: 1 if anything differs'],
  ];
  for (const [name, flags, says] of forms) {
    const others = forms.map(([other]) => other).filter((other) => other !== name);
    command.addOption(new Option(flags, says).conflicts(others));
  }
  return command;
}

/** With all policies, the only argument is the range. */
function readArguments(
  [first, second]: readonly (string | undefined)[],
  { all, alone }: Options,
): { readonly path: string; readonly range: string | undefined } {
  const isAll = all ?? (alone !== undefined && first === undefined);
  if (isAll && second === undefined) return { path: '/v1/diff', range: first };
  if (isAll)
    throw new Failure(
      EXIT.usage,
      `--all compares all policies; leave ${JSON.stringify(first)} out, or leave out --all.`,
    );
  if (first === undefined || isRange(first))
    throw new Failure(EXIT.usage, 'Name the policy to compare, or give --all.');
  return { path: `/v1/policies/${encodeURIComponent(first)}/diff`, range: second };
}

interface Comparison {
  readonly service: Service;
  readonly output: AnswerOutput;
  readonly path: string;
  readonly query: Query;
  readonly options: Options;
}

async function compare({ service, output, path, query, options }: Comparison): Promise<ExitCode> {
  const difference = await service.ask(path, comparisonSchema, { query });
  const code = isSame(difference) ? EXIT.ok : EXIT.differs;
  if (options.quiet) return code;
  if (options.stat) await renderDocument(countsView(difference), output);
  else if (options.nameOnly) await renderDocument(namesView(difference), output);
  else if (options.patch) {
    const pinned = { query: { format: 'json-patch' } };
    await renderDocument(patchView(await service.ask(difference.permalink, patchSchema, pinned), difference), output);
  } else await renderDocument(changesView(difference), output);
  if (code === EXIT.ok) output.tell('Nothing differs.');
  return code;
}

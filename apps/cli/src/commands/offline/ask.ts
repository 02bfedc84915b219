import type { DefineCommand } from '../../define-command.js';
import { EXIT, type ExitCode, Failure } from '../../exit-code.js';
import { parseJsonText } from '../../parse-json.js';
import { type OutputOptions, addOutputOptions, formatOf, withOutput } from '../../render/formats.js';
import { type Sink, withSink } from '../../render/sink.js';
import type { Service } from '../../service/service.js';
import type { Terminal } from '../../terminal.js';
import { type OfflineAddress, parseOfflineAddress } from './offline-address.js';
import { type SavedAnswer, compareSaved, readSaved, renderComparisons } from './saved-answers.js';
import { withExport } from './offline-service.js';
import { requireVerified } from './required-export.js';
import { type TrustOptions, readTrusted } from './trusted-inputs.js';

interface Options extends OutputOptions, TrustOptions {
  readonly compare?: readonly string[];
  readonly timeZone?: string;
}

export const defineAsk: DefineCommand = (command, terminal, done) => {
  command
    .argument('<export>', 'an export of the log, which is verified first')
    .argument('[address]', 'the address of a read, like /v1/policies/SLUG?knownAt=2025-07-08')
    .option('--compare <file...>', 'saved answers; without an address each is asked for at its own permalink')
    .option('--key <vkey>', 'the key that must have signed the export')
    .option('--checkpoint <file>', 'an earlier checkpoint with which the export must be consistent')
    .option('--time-zone <zone>', 'the zone of the log, as /v1/about says; default: TIME_ZONE, or Europe/London')
    .action(async (file: string, address: string | undefined, options: Options) =>
      done(await run({ file, address, options, terminal })),
    );
  addOutputOptions(command);
};

interface Question {
  readonly file: string;
  readonly address: string | undefined;
  readonly options: Options;
  readonly terminal: Terminal;
}

async function run({ file, address, options, terminal }: Question): Promise<ExitCode> {
  const asked = address === undefined ? undefined : parseOfflineAddress(address);
  const { compare = [] } = options;
  if (asked === undefined && compare.length === 0)
    throw new Failure(EXIT.usage, 'Give the address of a read, or --compare FILE.');
  const saved = await Promise.all(compare.map((name) => readSaved(name, asked)));
  await requireVerified(file, terminal, { ...(await readTrusted(options)), refused: 'nothing was asked' });
  const timeZone = options.timeZone ?? terminal.env['TIME_ZONE'];
  return withExport({ file, timeZone }, terminal, (service) =>
    asked !== undefined && saved.length === 0
      ? show({ service, asked, options, terminal })
      : compareAll({ service, saved, options, terminal }),
  );
}

interface Showing {
  readonly service: Service;
  readonly asked: OfflineAddress;
  readonly options: Options;
  readonly terminal: Terminal;
}

const ACCEPTED = { text: '*/*', json: 'application/json', ndjson: 'application/x-ndjson', csv: 'text/csv' } as const;

/** Writes the answer as the service sends it, in the format of the options or else of its suffix; JSON for people with breaks. */
async function show({ service, asked, options, terminal }: Showing): Promise<ExitCode> {
  const format = formatOf(options);
  const response = await service.send(asked.path, { query: asked.query, headers: { accept: ACCEPTED[format] } });
  const bytes = Buffer.from(await response.arrayBuffer());
  const value = format === 'text' ? parseJsonText(bytes.toString()) : undefined;
  const write = (sink: Sink) => sink.write(value === undefined ? bytes : `${JSON.stringify(value, null, 2)}\n`);
  await withSink(terminal, options.output, write);
  return EXIT.ok;
}

interface Comparing {
  readonly service: Service;
  readonly saved: readonly SavedAnswer[];
  readonly options: Options;
  readonly terminal: Terminal;
}

async function compareAll({ service, saved, options, terminal }: Comparing): Promise<ExitCode> {
  return withOutput(terminal, options, async (output) => {
    const compared = [];
    for (const one of saved) compared.push(await compareSaved(service, one));
    await renderComparisons(compared, output);
    return compared.every(({ outcome }) => outcome === 'equal') ? EXIT.ok : EXIT.differs;
  });
}

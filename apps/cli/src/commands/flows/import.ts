import type { DefineCommand } from '../../define-command.js';
import { EXIT, type ExitCode } from '../../exit-code.js';
import { ProgressLine } from '../../progress.js';
import { showValue } from '../../render/cells.js';
import { formOf } from '../../render/form.js';
import { type TextOf, renderRows } from '../../render/rows.js';
import { withSink } from '../../render/sink.js';
import type { ListPage } from '../../service/pages.js';
import type { Service } from '../../service/service.js';
import type { Terminal } from '../../terminal.js';
import { type AskOptions, addAskOptions, askService } from '../ask-service.js';
import { type ImportSummary, readImportAnswer } from './import-answer.js';
import { ImportInput } from './import-input.js';

interface Options extends AskOptions {
  readonly dryRun?: boolean;
  readonly atomic?: boolean;
  readonly rejected?: string;
}

export const defineImport: DefineCommand = (command, terminal, done) => {
  command
    .argument('<file...>', 'NDJSON: a policy or an event a line; - is standard input')
    .option('--dry-run', 'check everything, record nothing')
    .option('--atomic', 'record all lines or none')
    .option('--rejected <file>', 'write the rejected lines to a file, to be corrected and imported')
    .action(async (files: readonly string[], options: Options) => done(await importFiles(files, options, terminal)));
  addAskOptions(command);
};

async function importFiles(files: readonly string[], options: Options, terminal: Terminal): Promise<ExitCode> {
  const input = await ImportInput.open(files, terminal);
  try {
    return await askService(terminal, options, async (service, output) => {
      const sending = new Sending(service, input, { options, terminal });
      const view = {
        pages: sending.pages(),
        form: async () => formOf(['file', 'line', 'result', 'key', 'position', 'errors']),
        lines: rejectedText,
        empty: 'No lines.',
        closing: () => ({ summary: sending.summary }),
      };
      await renderRows(view, output);
      await sending.keepRejected(options.rejected);
      const line = summaryLine(sending.summary);
      if (output.format === 'text') await output.sink.write(`${line}\n`);
      else output.tell(line);
      return sending.summary.rejected > 0 ? EXIT.rejected : EXIT.ok;
    });
  } finally {
    await input.close();
  }
}

/** One import under way: what is sent, and what the service says about each line. */
class Sending {
  summary: ImportSummary = { lines: 0, recorded: 0, repeated: 0, rejected: 0, dryRun: false };
  readonly #rejected = new Set<number>();
  readonly #progress: ProgressLine;

  constructor(
    private readonly service: Service,
    private readonly input: ImportInput,
    private readonly asked: { readonly options: Options; readonly terminal: Terminal },
  ) {
    this.#progress = new ProgressLine(asked.terminal, 'bytes');
  }

  async *pages(): AsyncGenerator<ListPage> {
    const { dryRun = false, atomic = false } = this.asked.options;
    const response = await this.service.send('/v1/imports', {
      method: 'POST',
      query: { dryRun: String(dryRun), atomic: String(atomic) },
      headers: { 'content-type': 'application/x-ndjson' },
      body: this.input.stream((count, of) => this.#progress.report({ count, of })),
    });
    this.#progress.end();
    const answered = new ProgressLine(this.asked.terminal, 'lines');
    let count = 0;
    yield { frame: {}, rows: [] };
    for await (const { lines, summary } of readImportAnswer(response, this.service.url)) {
      for (const { line, result } of lines) if (result === 'rejected') this.#rejected.add(line);
      count += lines.length;
      answered.report({ count, of: this.input.lines });
      if (summary) this.summary = summary;
      yield { frame: {}, rows: lines.map((line) => ({ ...this.input.placeOf(line.line), ...withoutLine(line) })) };
    }
    answered.end();
  }

  /** Writes the lines that were rejected as they were read, so that they can be corrected and imported. */
  async keepRejected(file: string | undefined): Promise<void> {
    if (file === undefined) return;
    await withSink(this.asked.terminal, file, async (sink) => {
      for await (const [number, text] of this.input.numberedLines())
        if (this.#rejected.has(number)) await sink.write(`${text}\n`);
    });
  }
}

const withoutLine = ({ line: _line, ...rest }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  rest;

/** People are shown what they have to correct. */
const rejectedText: TextOf = (rows, paint) =>
  rows
    .filter(({ result }) => result === 'rejected')
    .map(({ file, line, key, errors }) => {
      const reasons = Array.isArray(errors) ? errors.map(reasonOf).join(' ') : '';
      return `${showValue(file)}:${showValue(line)}: ${paint('red', 'rejected')} ${showValue(key)}${key === undefined ? '' : ': '}${reasons}`;
    });

function reasonOf(error: unknown): string {
  const { pointer, message }: Readonly<Record<string, unknown>> = { ...Object(error) };
  return typeof pointer === 'string' && pointer !== '' ? `${pointer}: ${showValue(message)}` : showValue(message);
}

const summaryLine = ({ lines, recorded, repeated, rejected, dryRun }: ImportSummary): string =>
  `${lines} lines: ${recorded} ${dryRun ? 'would be recorded' : 'recorded'}, ${repeated} repeated, ${rejected} rejected`;

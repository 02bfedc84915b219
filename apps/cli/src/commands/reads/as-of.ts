import { writeFile } from 'node:fs/promises';
import { Option } from 'commander';
import type { DefineCommand } from '../../define-command.js';
import { EXIT, type ExitCode } from '../../exit-code.js';
import { POINT_HELP } from '../../points/point.js';
import { type PointCoordinate } from '../../points/coordinates.js';
import { type PointOptions, addPointOptions, readPoint } from '../../points/options.js';
import { formOf } from '../../render/form.js';
import { type DocumentView, renderDocument } from '../../render/document.js';
import type { AnswerOutput } from '../../render/formats.js';
import { throwUnwritable } from '../../render/sink.js';
import type { Service } from '../../service/service.js';
import { type AskOptions, addAskOptions, askService } from '../ask-service.js';
import { type ShownPolicy, stateLines, stateRows, policyStateSchema } from './state.js';

interface Options extends AskOptions, PointOptions {
  readonly explain?: boolean;
  readonly engine?: string;
  readonly proof?: string;
}

export const defineAsOf: DefineCommand = (command, terminal, done) => {
  command
    .argument('<policy>', 'slug or alias of a policy; ptl policies lists them')
    .argument('[point]', POINT_HELP, 'now')
    .option('--explain', 'also the event behind each field')
    .addOption(new Option('--engine <engine>', 'how it is computed').choices(['facts', 'replay']))
    .option('--proof <file>', 'save the answer with its proof, for ptl verify')
    .action(async (policy: string, point: string, options: Options) =>
      done(
        await askService(terminal, options, async (service, output) => {
          const coordinate = await readPoint(service, point, options);
          return show({ service, output, policy, coordinate, options });
        }),
      ),
    );
  addAskOptions(addPointOptions(command));
};

interface Question {
  readonly service: Service;
  readonly output: AnswerOutput;
  readonly policy: string;
  readonly coordinate: PointCoordinate;
  readonly options: Options;
}

async function show({ service, output, policy, coordinate, options }: Question): Promise<ExitCode> {
  const { explain, engine, proof } = options;
  const path = `/v1/policies/${encodeURIComponent(policy)}`;
  const query = { ...coordinate, engine, ...(explain ? { explain: 'true' } : {}) };
  const answer = await service.ask(path, policyStateSchema, { query });
  await renderDocument(viewOf(answer), output);
  if (proof === undefined) return EXIT.ok;
  // The pinned address, so that the proof is of the answer that was shown.
  const proven = await service.send(answer.permalink, { query: { proof: 'true' } });
  await writeFile(proof, Buffer.from(await proven.arrayBuffer())).catch((error: unknown) =>
    throwUnwritable(proof, error),
  );
  output.tell(`The answer with its proof is in ${proof}: ptl verify ${proof} checks it.`);
  return EXIT.ok;
}

function viewOf(answer: ShownPolicy): DocumentView {
  const { meta: _meta, ...document } = answer;
  const explained = answer.blame ? ['occurred', 'publishedAt', 'replaced', 'correctedBy'] : [];
  return {
    document,
    frame: answer,
    form: formOf([
      'policy',
      'field',
      'valueText',
      'valueNumber',
      'unit',
      'value',
      'isUncertain',
      'event',
      'from',
      'settled',
      ...explained,
    ]),
    rows: stateRows(answer),
    lines: (paint) => stateLines(answer, paint),
  };
}

import { Option } from 'commander';
import { hashAnswer } from '#event-log/answer-hash';
import { z } from 'zod';
import type { DefineCommand } from '../../define-command.js';
import { EXIT, type ExitCode, Failure } from '../../exit-code.js';
import { openFile } from '../../files.js';
import { parseJsonText } from '../../parse-json.js';
import { type PointOptions, addPointOptions, readPoint } from '../../points/options.js';
import { POINT_HELP } from '../../points/point.js';
import { type DocumentView, renderDocument } from '../../render/document.js';
import { formOf } from '../../render/form.js';
import type { AnswerOutput } from '../../render/formats.js';
import type { Service } from '../../service/service.js';
import type { Terminal } from '../../terminal.js';
import { type AskOptions, addAskOptions, askService } from '../ask-service.js';

interface Options extends AskOptions, PointOptions {
  readonly as: 'text' | 'bibtex' | 'ris' | 'csl' | 'html';
}

const citation = z.looseObject({
  id: z.string(),
  url: z.string(),
  citationUrl: z.string(),
  answerSha256: z.string(),
  fold: z.int(),
  root: z.string(),
  size: z.int(),
  cite: z.object({ text: z.string(), bibtex: z.string(), ris: z.string(), csl: z.unknown(), html: z.string() }),
});

const judged = citation.extend({
  holds: z.boolean(),
  reproduced: z.boolean(),
  why: z.array(z.looseObject({ code: z.string(), text: z.string(), events: z.array(z.string()).optional() })),
});

/** A saved answer: what any answer says of itself. */
const savedAnswer = z.looseObject({ permalink: z.string() });

export const defineCite: DefineCommand = (command, terminal, done) => {
  // Its options are those of the citation, not of the verification.
  command.enablePositionalOptions();
  command
    .argument('<policy>', 'slug or alias of a policy')
    .argument('[point]', POINT_HELP, 'now')
    .addOption(
      new Option('--as <form>', 'form of the reference')
        .choices(['text', 'bibtex', 'ris', 'csl', 'html'])
        .default('text'),
    )
    .action(async (policy: string, point: string, options: Options) =>
      done(
        await askService(terminal, options, async (service, output) => {
          const query = { ...(await readPoint(service, point, options)) };
          const path = `/v1/policies/${encodeURIComponent(policy)}`;
          const { permalink } = await service.ask(path, savedAnswer, { query });
          const made = await cite(service, permalink);
          await renderDocument(citationView(made, options.as), output);
          return EXIT.ok;
        }),
      ),
    );
  addAskOptions(addPointOptions(command));
  const verify = command
    .command('verify')
    .description('say whether a citation, or an answer that was saved with --json, still holds; exit code 1 if not')
    .argument('<id or file>', 'id or address of a citation, or a file; - is standard input')
    .action(async (subject: string, options: AskOptions) =>
      done(
        await askService(terminal, options, (service, output) => verifyCited(subject, { service, output, terminal })),
      ),
    );
  addAskOptions(verify);
};

const cite = (service: Service, url: string): Promise<z.output<typeof citation>> =>
  service.ask('/v1/citations', citation, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url }),
  });

function citationView(made: z.output<typeof citation>, form: Options['as']): DocumentView {
  const reference = made.cite[form];
  return {
    document: made,
    form: formOf(['id', 'citationUrl', 'url', 'answerSha256', 'fold', 'root', 'size', 'cite.text']),
    rows: [made],
    lines: () => [typeof reference === 'string' ? reference.trimEnd() : JSON.stringify(reference, null, 2)],
  };
}

interface Asking {
  readonly service: Service;
  readonly output: AnswerOutput;
  readonly terminal: Terminal;
}

const AN_ID = /(?:^|\/c\/)([0-9a-hjkmnp-tv-z]{16})(?:\.json)?$/;

async function verifyCited(subject: string, { service, output, terminal }: Asking): Promise<ExitCode> {
  const [, id] = AN_ID.exec(subject) ?? [];
  const saved = id === undefined ? await readSaved(subject, terminal) : undefined;
  const cited = citation.safeParse(saved);
  if (id !== undefined || cited.success) {
    const judgement = await service.ask(`/c/${id ?? cited.data?.id}.json`, judged);
    return showVerdict(judgement, cited.data?.answerSha256 ?? judgement.answerSha256, output);
  }
  const answer = savedAnswer.safeParse(saved);
  if (!answer.success)
    throw new Failure(EXIT.usage, `${subject} is neither a citation nor an answer that was saved with --json.`);
  const judgement = await service.ask(`/c/${(await cite(service, answer.data.permalink)).id}.json`, judged);
  return showVerdict(judgement, hashAnswer(answer.data), output);
}

async function readSaved(file: string, terminal: Terminal): Promise<unknown> {
  const parts: Uint8Array[] = [];
  for await (const chunk of (await openFile(file, terminal)).chunks) parts.push(chunk);
  return parseJsonText(Buffer.concat(parts).toString());
}

async function showVerdict(
  judgement: z.output<typeof judged>,
  expected: string,
  output: AnswerOutput,
): Promise<ExitCode> {
  const isSame = judgement.answerSha256 === expected;
  const holds = judgement.holds && isSame;
  const { id, url, citationUrl, answerSha256, reproduced } = judgement;
  const why = [
    ...(isSame
      ? []
      : [
          {
            code: 'saved-differs',
            text: 'What was saved is not what was cited there: it was changed since, or saved elsewhere.',
          },
        ]),
    ...judgement.why,
  ];
  await renderDocument(
    {
      document: { ...judgement, holds, why },
      form: formOf(['id', 'holds', 'reproduced', 'url', 'answerSha256', 'why']),
      rows: [{ id, holds, reproduced, url, answerSha256, why }],
      lines: (paint) => [
        `${holds ? paint('green', 'holds') : paint('red', 'does not hold')}: ${citationUrl}`,
        ...why.map(({ code, text }) => `  ${code}: ${text}`),
      ],
    },
    output,
  );
  return holds ? EXIT.ok : EXIT.differs;
}

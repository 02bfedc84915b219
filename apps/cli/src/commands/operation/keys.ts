import { z } from 'zod';
import type { DefineCommand } from '../../define-command.js';
import { EXIT, type ExitCode } from '../../exit-code.js';
import { renderDocument } from '../../render/document.js';
import { formOf } from '../../render/form.js';
import type { Terminal } from '../../terminal.js';
import { type AskOptions, addAskOptions, askService } from '../ask-service.js';
import { endHeld, listHeld } from './held-things.js';

interface CreateOptions extends AskOptions {
  readonly name: string;
  readonly role: string;
  readonly expires?: string;
}

const keySchema = z.looseObject({ id: z.string(), name: z.string(), role: z.string() });

const KEYS = {
  path: '/v1/keys',
  columns: ['id', 'name', 'role', 'source', 'createdAt', 'expiresAt', 'revokedAt'],
  schema: keySchema,
};

const issuedSchema = keySchema.extend({ key: z.string() });

export const defineKeys: DefineCommand = (command, terminal, done) => {
  const create = command
    .command('create')
    .description('make a key and print it, this once; the first one, an operator’s, on the machine of the service')
    .requiredOption('--name <name>', 'what to call it: who or what will hold it')
    .requiredOption('--role <role>', 'reader, recorder or operator')
    .option(
      '--expires <instant>',
      'from when on it is refused, like 2027-01-01 or 2027-01-01T12:00:00Z; default: never',
    )
    .action(async (options: CreateOptions) => done(await createKey(options, terminal)));
  const list = command
    .command('list')
    .description('list all keys: everything but the keys themselves')
    .action(async (options: AskOptions) => done(await listHeld(terminal, options, { ...KEYS, empty: 'No keys.' })));
  const revoke = command
    .command('revoke')
    .description('revoke a key: it is refused within a second, for ever')
    .argument('<id>', 'id of the key; ptl keys list lists them')
    .action(async (id: string, options: AskOptions) =>
      done(await endHeld(terminal, options, { ...KEYS, id, done: 'revoked' })),
    );
  for (const each of [create, list, revoke]) addAskOptions(each);
};

function createKey({ name, role, expires, ...options }: CreateOptions, terminal: Terminal): Promise<ExitCode> {
  return askService(terminal, options, async (service, output) => {
    const isDay = expires !== undefined && /^\d{4}-\d\d-\d\d$/.test(expires);
    const body = {
      name,
      role,
      ...(expires === undefined ? {} : { expiresAt: isDay ? `${expires}T00:00:00Z` : expires }),
    };
    const issued = await service.ask(KEYS.path, issuedSchema, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    await renderDocument(
      { document: issued, form: formOf([...KEYS.columns, 'key']), rows: [issued], lines: () => [issued.key] },
      output,
    );
    terminal.stderr.write(`Key ${issued.id} of ${issued.name}, ${issued.role}. It is not shown again: keep it now.\n`);
    return EXIT.ok;
  });
}

import { z } from 'zod';
import type { DefineCommand } from '../../define-command.js';
import { type AskOptions, addAskOptions } from '../ask-service.js';
import { endHeld, listHeld } from './held-things.js';

interface ListOptions extends AskOptions {
  readonly principal?: string;
}

const SESSIONS = {
  path: '/v1/sessions',
  columns: ['id', 'principal', 'role', 'createdAt', 'expiresAt'],
  schema: z.looseObject({ id: z.string() }),
};

export const defineSessions: DefineCommand = (command, terminal, done) => {
  const list = command
    .command('list')
    .description('list who is signed in to the page: neither secrets nor names')
    .option('--principal <id>', 'only sessions of this holder')
    .action(async ({ principal, ...options }: ListOptions) =>
      done(
        await listHeld(terminal, options, { ...SESSIONS, parameters: { principal }, empty: 'Nobody is signed in.' }),
      ),
    );
  const end = command
    .command('end')
    .description('end a session: it is refused at once, in every process')
    .argument('<id>', 'id of the session; ptl sessions list lists them')
    .action(async (id: string, options: AskOptions) =>
      done(await endHeld(terminal, options, { ...SESSIONS, id, done: 'ended' })),
    );
  for (const each of [list, end]) addAskOptions(each);
};

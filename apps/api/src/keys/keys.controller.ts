import { Body, Controller, Param } from '@nestjs/common';
import { z } from 'zod';
import { AccessKeys, type KeyRecord, Keyring, Principals, ROLES } from '#access';
import { formatInstant, instant, parseInstant } from '#domain';
import { instantText } from '#projections';
import { Refusal } from '../http/problems/refusal.js';
import { CheckedRequest, type CheckedRequestOf } from '../http/request/checked-request.js';
import { noQuery } from '../http/request/parameters.js';
import { Route } from '../openapi/route.js';
import { readKeyBody } from './key-bodies.js';

const LONGEST_NAME = 100;

type Request = CheckedRequestOf<typeof noQuery>;

const newKey = z.strictObject({
  name: z.string().trim().min(1).max(LONGEST_NAME).meta({ description: 'What to call it: who or what will hold it.' }),
  role: z.enum(ROLES),
  expiresAt: z
    .string()
    .refine((text) => parseInstant(text) !== undefined, 'must be an instant like 2027-01-01T00:00:00Z')
    .optional()
    .meta({ description: 'The instant from which on it is refused (RFC 3339); absent: never.' }),
});

const accessKey = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.enum(ROLES),
    source: z.enum(['database', 'configuration']).meta({
      description: 'Where it is kept; a key of the configuration (`API_KEYS`) is revoked by taking it out there.',
    }),
    createdAt: instantText.nullable().meta({ description: '`null`: it is from the configuration.' }),
    expiresAt: instantText.nullable(),
    revokedAt: instantText.nullable(),
  })
  .meta({ id: 'AccessKey', description: 'What is known of a key: everything but the key.' });

const issuedKey = accessKey
  .extend({ key: z.string().meta({ description: 'The key. It is shown this once, and not kept.' }) })
  .meta({ id: 'IssuedAccessKey', description: 'A new key.' });

const list = z.object({ items: z.array(accessKey), next: z.null() }).meta({ id: 'AccessKeyList' });

type ShownKey = z.output<typeof accessKey>;

/** The keys by which clients are known: made, listed and revoked. */
@Controller()
export class KeysController {
  constructor(
    private readonly keys: AccessKeys,
    private readonly keyring: Keyring,
    private readonly principals: Principals,
  ) {}

  @Route('POST', '/v1/keys', {
    role: 'operator',
    summary: 'Make a key',
    description:
      'The answer has the key, which is shown this once. While there are no keys, programs on the machine of the server may ask for one, which must be an operator’s: from then on, writes need a key.',
    query: noQuery,
    body: { type: 'application/json', schema: newKey },
    answers: [{ status: 201, description: 'The key was made.', schema: issuedKey }],
    refusals: ['broken-json', 'rejected', 'invalid-header', 'too-many-keys'],
  })
  async issue(@CheckedRequest(noQuery) { request, reply }: Request, @Body() given: unknown) {
    if (request.headers['idempotency-key'] !== undefined)
      throw new Refusal('invalid-header', {
        detail:
          'A key is shown once and not kept, so a repeat could not be answered. Leave Idempotency-Key out; a key whose answer was lost can be revoked.',
      });
    const { name, role, expiresAt } = readKeyBody(newKey, given);
    if (!this.principals.canBeKnown && role !== 'operator')
      throw new Refusal('rejected', {
        detail: 'The first key must be an operator’s: with any other, nobody could make a second one.',
        errors: [{ pointer: '/role', code: 'first-key', message: 'role must be operator for the first key.' }],
      });
    const until = expiresAt === undefined ? undefined : parseInstant(expiresAt);
    const issued = await this.keys.issue({ name, role, expiresAt: until ?? null });
    if (issued === undefined)
      throw new Refusal('too-many-keys', { detail: 'There are as many keys as this service holds. Use one of them.' });
    await this.keyring.refresh();
    reply.code(201).header('location', `/v1/keys/${issued.record.id}`).header('cache-control', 'no-store');
    return { ...show(issued.record), key: issued.key };
  }

  @Route('GET', '/v1/keys', {
    role: 'operator',
    summary: 'All keys: everything but the keys themselves',
    query: noQuery,
    answers: [{ status: 200, description: 'The newest first, then those of the configuration.', schema: list }],
  })
  async list(@CheckedRequest(noQuery) _asked: Request): Promise<z.output<typeof list>> {
    const stored = (await this.keys.list()).map(show);
    const configured = this.keyring.configured.map(({ id, name, role }): ShownKey => {
      return { id, name, role, source: 'configuration', createdAt: null, expiresAt: null, revokedAt: null };
    });
    return { items: [...stored, ...configured], next: null };
  }

  @Route('DELETE', '/v1/keys/:id', {
    role: 'operator',
    summary: 'Revoke a key',
    description: 'Every process refuses it within a second, for ever. A repeat changes nothing.',
    query: noQuery,
    answers: [{ status: 200, description: 'The key is revoked.', schema: accessKey }],
    refusals: ['unknown-access-key'],
  })
  async revoke(@Param('id') id: string, @CheckedRequest(noQuery) _asked: Request): Promise<ShownKey> {
    const revoked = await this.keys.revoke(id);
    if (revoked === undefined)
      throw new Refusal('unknown-access-key', {
        detail: `There is no key with the id "${id}" in the database. GET /v1/keys lists the keys; those of API_KEYS are revoked by taking them out there.`,
      });
    await this.keyring.refresh();
    return show(revoked);
  }
}

const show = ({ id, name, role, createdAt, expiresAt, revokedAt }: KeyRecord): ShownKey => ({
  id,
  name,
  role,
  source: 'database',
  createdAt: textOf(createdAt),
  expiresAt: textOf(expiresAt),
  revokedAt: textOf(revokedAt),
});

const textOf = <Time extends number | null>(ms: Time) => (ms === null ? null : formatInstant(instant(ms)));

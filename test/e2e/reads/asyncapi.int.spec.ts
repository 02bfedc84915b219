import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventTypes } from '#domain';
import { StreamClient } from '../../support/http/stream-client.js';
import { type TestApplication, runApplication } from '../running-application.js';

interface Schema {
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, { readonly $ref?: string; readonly const?: string }>>;
}

interface Document {
  readonly asyncapi: string;
  readonly channels: Readonly<Record<string, { readonly address: string; readonly messages: object }>>;
  readonly components: {
    readonly messages: Readonly<Record<string, { readonly name: string; readonly payload: Schema }>>;
    readonly schemas: Readonly<Record<string, Schema>>;
  };
}

interface Checked {
  readonly version: string;
  readonly addresses: readonly string[];
  readonly messages: readonly string[];
  readonly problems: readonly { readonly code: string; readonly message: string; readonly severity: number }[];
}

const CHECKER = fileURLToPath(new URL('../../support/check-asyncapi.mjs', import.meta.url));

/** Of what a parser says, only this much is no more than a hint. */
const HINT = 2;

describe('the AsyncAPI document', () => {
  let application: TestApplication;
  let document: Document;

  beforeAll(async () => {
    application = await runApplication({ SEEDS: 'seeds' });
    document = (await application.get<Document>('/asyncapi.json')).body;
  });
  afterAll(() => application.stop());

  const checked = async (asked: unknown): Promise<Checked> => {
    const child = spawn(process.execPath, [CHECKER], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end(JSON.stringify(asked));
    return JSON.parse(await text(child.stdout)) as Checked;
  };

  it('is one, as the official parser says', async () => {
    const { version, addresses, messages, problems } = await checked(document);
    expect(problems.filter(({ severity }) => severity < HINT)).toEqual([]);
    expect(version).toBe('3.0.0');
    expect(addresses).toEqual(['/v1/stream', '/v1/policies/{slug}/stream']);
    expect(new Set(messages)).toEqual(new Set(Object.keys(document.components.messages)));
    // The check itself finds what is wrong.
    const broken = { ...document, operations: { tell: { action: 'shout', channel: { $ref: '#/channels/nowhere' } } } };
    expect((await checked(broken)).problems.some(({ severity }) => severity < HINT)).toBe(true);
  }, 60_000);

  it('has a message for every type of event, and for all else that is said', () => {
    const messages = Object.values(document.components.messages);
    const types = messages.flatMap(({ payload }) => payload.properties?.['type']?.const ?? []);
    expect(new Set(types)).toEqual(new Set([...eventTypes.keys(), 'policy.registered']));
    expect(new Set(messages.map(({ name }) => name))).toEqual(
      new Set(['event', 'patch', 'caught-up', 'restated', 'reset']),
    );
    for (const [, name] of JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g))
      expect(document.components.schemas).toHaveProperty([String(name)]);
  });

  it('declares what answers contain as /openapi.json does', async () => {
    const { components } = (await application.get<Document>('/openapi.json')).body;
    for (const name of ['Erased', 'EventActor', 'Patch'])
      expect({ [name]: document.components.schemas[name] }).toEqual({ [name]: components.schemas[name] });
    const fieldsOf = ({ schemas }: Pick<Document['components'], 'schemas'>, name: string): readonly string[] =>
      Object.keys(schemas[name]?.properties ?? {});
    expect(fieldsOf(document.components, 'EventChanges')).toEqual(fieldsOf(components, 'EventChanges'));
    expect(fieldsOf(components, 'Event')).toEqual(
      expect.arrayContaining([...fieldsOf(document.components, 'RecordedEvent')]),
    );
  });

  it('describes what is really sent', async () => {
    const payloadOf = (name: string, type?: unknown): Schema | undefined =>
      Object.values(document.components.messages).find(
        (message) =>
          message.name === name && (type === undefined || message.payload.properties?.['type']?.const === type),
      )?.payload;
    const fits = (schema: Schema | undefined, value: object): void => {
      expect(Object.keys(schema?.properties ?? {})).toEqual(expect.arrayContaining(Object.keys(value)));
      expect(Object.keys(value)).toEqual(expect.arrayContaining([...(schema?.required ?? [])]));
    };
    const events = await new StreamClient(`${application.url}/v1/stream?after=0`).caughtUp();
    expect(events.of('event').length).toBeGreaterThan(150);
    for (const { data } of events.of('event')) {
      const payload = payloadOf('event', data['type']);
      fits(payload, data);
      const component = payload?.properties?.['data']?.$ref?.split('/').at(-1) ?? '';
      fits(document.components.schemas[component], data['data'] as object);
    }
    const patches = await new StreamClient(`${application.url}/v1/stream?view=patches`).caughtUp();
    for (const { event, data } of patches.messages) fits(payloadOf(event), data);
    events.cut();
    patches.cut();
  });
});

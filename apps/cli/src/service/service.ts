import { z } from 'zod';
import { EXIT, Failure } from '../exit-code.js';
import { readText } from '../files.js';
import { parseJsonText } from '../parse-json.js';
import type { Terminal } from '../terminal.js';
import { failureOf, unreachable } from './problems.js';

const DEFAULT_URL = 'http://127.0.0.1:3000';

/** Parameters of a request; those without a value are left out. */
export type Query = Readonly<Record<string, string | undefined>>;

/** What is sent beside the address. */
export interface ServiceRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | ReadableStream<Uint8Array>;
  readonly signal?: AbortSignal;
}

/** The service that commands ask, at the address of `PTL_URL`, with the key of `PTL_KEY` or of a file. */
export class Service {
  private constructor(
    /** Where it listens, without a slash at the end. */
    readonly url: string,
    private readonly key: string | undefined,
  ) {}

  /** Reads address and key. Throws a {@link Failure} that says what is wrong with them; connects to nothing. */
  static async open({ env }: Terminal, keyFile?: string): Promise<Service> {
    const given = keyFile === undefined ? env['PTL_KEY'] : await readText(keyFile);
    const key = given?.trim();
    if (key !== undefined && !/^[\x21-\x7e]*$/.test(key))
      throw new Failure(EXIT.usage, 'The key has characters that no key has. Give its text alone.');
    return new Service(readUrl(env['PTL_URL'] ?? ''), key === '' ? undefined : key);
  }

  /** True if requests carry a key. */
  get hasKey(): boolean {
    return this.key !== undefined;
  }

  /** Sends a request, and answers a response that succeeded. Throws a {@link Failure} for every other. */
  async send(path: string, request: ServiceRequest = {}): Promise<Response> {
    const { method = 'GET', query = {}, headers = {}, body, signal } = request;
    const response = await fetch(this.addressOf(path, query), {
      method,
      headers: { ...headers, ...(this.key === undefined ? {} : { authorization: `Bearer ${this.key}` }) },
      ...(body === undefined ? {} : { body, duplex: 'half' }),
      ...(signal === undefined ? {} : { signal }),
    }).catch((error: unknown) => {
      throw unreachable(this.url, error);
    });
    if (!response.ok) throw await failureOf(response);
    return response;
  }

  /** The JSON answer to a request, read by a schema of the parts that are used. */
  async ask<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    request: ServiceRequest = {},
  ): Promise<z.output<Schema>> {
    const response = await this.send(path, request);
    const read = schema.safeParse(await readJson(response, this.url));
    if (read.success) return read.data;
    throw otherAnswer(`${this.url}${path}`);
  }

  addressOf(path: string, query: Query = {}): string {
    const given = Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
    );
    const joint = given.length === 0 ? '' : path.includes('?') ? '&' : '?';
    return `${this.url}${path}${joint}${given.join('&')}`;
  }
}

function readUrl(given: string): string {
  if (given === '') return DEFAULT_URL;
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new Failure(EXIT.usage, `PTL_URL must be an address like ${DEFAULT_URL}; it is ${JSON.stringify(given)}.`);
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

async function readJson(response: Response, url: string): Promise<unknown> {
  const text = await response.text().catch((error: unknown) => {
    throw unreachable(url, error);
  });
  const value = parseJsonText(text);
  if (value === undefined) throw otherAnswer(response.url);
  return value;
}

const otherAnswer = (address: string): Failure =>
  new Failure(
    EXIT.unavailable,
    `${address} did not answer as this version of the service does. Is PTL_URL its address? ptl doctor compares versions.`,
  );

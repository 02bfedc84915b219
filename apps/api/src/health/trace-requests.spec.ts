import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  type ContextManager,
  ROOT_CONTEXT,
  type Span,
  type TracerProvider,
  context,
  trace,
} from '@opentelemetry/api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fastify from 'fastify';
import { inSpan } from '#runtime/spans';
import { traceOf, traceRequests } from './trace-requests.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

/** As much of an SDK as shows which span is within which. */
class Spans implements TracerProvider {
  readonly ended: string[] = [];
  #count = 0;

  getTracer() {
    const startSpan = (name: string, _options?: object, parent: Context = context.active()): Span =>
      this.#span(name, trace.getSpan(parent)?.spanContext().spanId);
    const startActiveSpan = <Result>(name: string, work: (span: Span) => Result): Result => {
      const span = startSpan(name);
      return context.with(trace.setSpan(context.active(), span), () => work(span));
    };
    return { startSpan, startActiveSpan } as ReturnType<TracerProvider['getTracer']>;
  }

  #span(name: string, parent: string | undefined): Span {
    const spanId = String((this.#count += 1)).padStart(16, '0');
    const span = trace.wrapSpanContext({ traceId: TRACE, spanId, traceFlags: 1 });
    let isFault = false;
    return Object.assign(span, {
      setStatus: () => {
        isFault = true;
        return span;
      },
      end: () =>
        void this.ended.push(`${name} ${spanId.at(-1)} in ${parent?.at(-1) ?? 'none'}${isFault ? ', fault' : ''}`),
    });
  }
}

class Contexts implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();
  active = (): Context => this.#storage.getStore() ?? ROOT_CONTEXT;
  with: ContextManager['with'] = (active, work, self, ...values) =>
    this.#storage.run(active, () => work.call(self, ...values));
  bind = <Target>(_context: Context, target: Target): Target => target;
  enable = (): this => this;
  disable = (): this => this;
}

describe('the trace of a request', () => {
  const spans = new Spans();
  const traces: unknown[] = [];

  beforeAll(async () => {
    const server = fastify();
    traceRequests(server);
    server.get('/write', async (request) => {
      traces.push(traceOf(request));
      await inSpan('decide', async () => undefined);
      await inSpan('append', () => Promise.reject(new Error('no'))).catch(() => undefined);
      return 'done';
    });
    const address = await server.listen({ port: 0, host: '127.0.0.1' });
    const ask = async (traceparent: string): Promise<string> =>
      (await fetch(`${address}/write`, { headers: { traceparent } })).text();
    await ask(`00-${TRACE.replaceAll('4', '5')}-00f067aa0ba902b7-01`);
    await ask('nonsense');
    trace.setGlobalTracerProvider(spans);
    context.setGlobalContextManager(new Contexts());
    await ask('');
    await server.close();
  });
  afterAll(() => {
    trace.disable();
    context.disable();
  });

  it('has each step within the request, also one that fails', () => {
    expect(spans.ended.toSorted()).toEqual(['append 3 in 1, fault', 'decide 2 in 1', 'http 1 in none']);
  });

  it('is that of its traceparent where no SDK is loaded', () => {
    expect(traces).toEqual([TRACE.replaceAll('4', '5'), undefined, TRACE]);
  });
});

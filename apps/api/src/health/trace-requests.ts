import { type Span, SpanKind, context, isSpanContextValid, propagation, trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const spans = new WeakMap<FastifyRequest, Span>();

/** W3C Trace Context: version, trace, parent, flags. */
const TRACE_PARENT = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;

/** Shows each request as a span `http`, as part of the trace that its `traceparent` names. */
export function traceRequests(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    const parent = propagation.extract(context.active(), request.headers);
    const attributes = { 'http.request.method': request.method };
    const span = trace.getTracer('policy-timeline').startSpan('http', { kind: SpanKind.SERVER, attributes }, parent);
    spans.set(request, span);
    // Streams as well: their answers end when their connections do.
    reply.raw.once('close', () => {
      span.setAttribute('http.route', request.routeOptions.url ?? 'none');
      span.setAttribute('http.response.status_code', reply.raw.statusCode);
      span.end();
    });
    context.with(trace.setSpan(parent, span), done);
  });
}

/** The id of the trace that a request is part of; of its `traceparent` where this process has no SDK. */
export function traceOf(request: FastifyRequest): string | undefined {
  const found = spans.get(request)?.spanContext();
  if (found && isSpanContextValid(found)) return found.traceId;
  const { traceparent } = request.headers;
  return typeof traceparent === 'string' ? TRACE_PARENT.exec(traceparent)?.[1] : undefined;
}

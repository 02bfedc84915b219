import { SpanStatusCode, trace } from '@opentelemetry/api';

/** The steps that are shown in a trace, beside the request (`http`) and the commit (`flush`). */
export type SpanName = 'decide' | 'append' | 'apply' | 'switch' | 'sign';

/**
 * Does work as one step of a trace (OpenTelemetry). Without an SDK in the process it does the work and nothing else.
 *
 * A span has no data of the work in it, and of a fault no more than that there was one.
 */
export const inSpan = <Result>(name: SpanName, work: () => Promise<Result>): Promise<Result> =>
  trace.getTracer('policy-timeline').startActiveSpan(name, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });

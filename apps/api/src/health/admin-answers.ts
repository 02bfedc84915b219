import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AdminAnswer } from '#composition';
import { HealthController } from '../controllers/health.controller.js';
import { PROBLEM_TYPE, problemOf } from '../http/problems/problem-filter.js';
import { Refusal } from '../http/problems/refusal.js';
import { Metrics } from './metrics.js';

/** What the port of operators answers: the same as the public port, without what that asks of its clients. */
export function adminAnswers(application: NestFastifyApplication) {
  const health = application.get(HealthController, { strict: false });
  const metrics = application.get(Metrics);
  return {
    '/readyz': (): Promise<AdminAnswer> => readiness(health),
    '/metrics': async (): Promise<AdminAnswer> => ({ status: 200, ...(await metrics.exposition()) }),
  };
}

async function readiness(health: HealthController): Promise<AdminAnswer> {
  try {
    return { status: 200, type: 'application/json; charset=utf-8', text: JSON.stringify(await health.ready()) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const problem = problemOf(error, '/readyz');
    return { status: problem.status, type: PROBLEM_TYPE, text: JSON.stringify(problem) };
  }
}

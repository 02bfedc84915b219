import { type DynamicModule, Module } from '@nestjs/common';
import { Projections, type ProjectionsNeeds } from './projections.js';
import { READ_CONTEXT, type ReadContext } from '../queries/read-context.js';
import { queryHandlers } from '../queries/read-side.handlers.js';
import { StateChanges } from './state-changes.js';

/** The read side: the runner of the read models, and a handler on the QueryBus for each question. */
@Module({})
export class ProjectionsModule {
  static forRoot(projections: Projections, needs: ProjectionsNeeds): DynamicModule {
    return {
      module: ProjectionsModule,
      providers: [
        { provide: Projections, useValue: projections },
        { provide: StateChanges, useValue: new StateChanges(needs.pool, projections) },
        { provide: READ_CONTEXT, useValue: contextOf(projections, needs) },
        ...queryHandlers,
      ],
      exports: [Projections, StateChanges],
    };
  }
}

const contextOf = (projections: Projections, needs: ProjectionsNeeds, names?: readonly string[]): ReadContext => ({
  pool: needs.pool,
  log: needs.log,
  times: projections.times,
  facts: projections.facts,
  replays: projections.replays,
  descriptions: projections.descriptions,
  heads: projections.heads,
  now: needs.now,
  progress: () => projections.progressOf(names),
  isBuilding: () => projections.isBuilding(names ?? []),
  lagMs: () => projections.lagMs(names),
  waitFor: async (position, timeoutMs) => {
    await projections.waitFor(position, timeoutMs);
    return projections.progressOf(names).position;
  },
  restingOn: (others) => contextOf(projections, needs, others),
});

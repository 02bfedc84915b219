import { Administration, ReadModels, ReadSide, Replays, Runner } from '#projections';

/** All parts of the projections in one process. */
export interface ProjectionsOfProcess {
  readonly readModels: ReadModels;
  readonly runner: Runner;
  readonly readSide: ReadSide;
  readonly administration: Administration;
  /** Begins to advance the read models. */
  open(): Promise<void>;
  /** As `open`, and waits until they have caught up. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

type Needs = Omit<ConstructorParameters<typeof ReadModels>[0], 'runsProjections'> & {
  readonly foldingThreads?: number;
  readonly limits?: NonNullable<ConstructorParameters<typeof Runner>[1]['limits']>;
  readonly replays?: Replays;
};

/** Puts the parts together, as the API does by default. */
export function composeProjections({ foldingThreads = 0, limits, replays, ...needs }: Needs): ProjectionsOfProcess {
  const readModels = new ReadModels({ ...needs, runsProjections: true });
  const runner = new Runner(readModels, { foldingThreads, ...(limits && { limits }) });
  const readSide = new ReadSide(readModels, replays);
  const open = async (): Promise<void> => {
    await readModels.open();
    runner.start();
  };
  return {
    readModels,
    runner,
    readSide,
    administration: new Administration(readModels),
    open,
    start: async () => {
      await open();
      await runner.caughtUp();
    },
    stop: async () => {
      await runner.stop();
      await readModels.stop();
    },
  };
}

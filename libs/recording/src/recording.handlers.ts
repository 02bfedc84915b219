import { Inject, type Type } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Operation } from './recorder/operations.js';
import type { RecordConditions, RecordOutcome, RegisterOutcome, RehearsalOutcome } from './recorder/outcomes.js';
import { Recorder } from './recorder/recorder.js';

/** Register a policy. */
export class RegisterPolicy extends Command<RegisterOutcome> {
  constructor(
    readonly input: unknown,
    readonly conditions: Omit<RecordConditions, 'ifMatch'>,
  ) {
    super();
  }
}

/** Record one event about a policy. */
export class RecordEvent extends Command<RecordOutcome> {
  constructor(
    readonly policy: string,
    readonly input: unknown,
    readonly conditions: RecordConditions,
  ) {
    super();
  }
}

/** Work out what recording an event would change; nothing is recorded. */
export class RehearseEvent extends Command<RehearsalOutcome> {
  constructor(
    readonly policy: string,
    readonly input: unknown,
    readonly conditions: RecordConditions,
  ) {
    super();
  }
}

/** Record what was done about an event that a read model could not take. */
export class RecordOperation extends Command<RecordOutcome> {
  constructor(
    readonly operation: Operation,
    readonly conditions: Pick<RecordConditions, 'by'>,
  ) {
    super();
  }
}

@CommandHandler(RegisterPolicy)
class RegisterPolicyHandler implements ICommandHandler<RegisterPolicy> {
  constructor(@Inject(Recorder) private readonly recorder: Recorder) {}

  execute({ input, conditions }: RegisterPolicy): Promise<RegisterOutcome> {
    return this.recorder.register(input, conditions);
  }
}

@CommandHandler(RecordEvent)
class RecordEventHandler implements ICommandHandler<RecordEvent> {
  constructor(@Inject(Recorder) private readonly recorder: Recorder) {}

  execute({ policy, input, conditions }: RecordEvent): Promise<RecordOutcome> {
    return this.recorder.record(policy, input, conditions);
  }
}

@CommandHandler(RehearseEvent)
class RehearseEventHandler implements ICommandHandler<RehearseEvent> {
  constructor(@Inject(Recorder) private readonly recorder: Recorder) {}

  execute({ policy, input, conditions }: RehearseEvent): Promise<RehearsalOutcome> {
    return this.recorder.rehearse(policy, input, conditions);
  }
}

@CommandHandler(RecordOperation)
class RecordOperationHandler implements ICommandHandler<RecordOperation> {
  constructor(@Inject(Recorder) private readonly recorder: Recorder) {}

  execute({ operation, conditions }: RecordOperation): Promise<RecordOutcome> {
    return this.recorder.recordOperation(operation, conditions);
  }
}

/** One handler a command. */
export const commandHandlers: readonly Type<ICommandHandler>[] = [
  RegisterPolicyHandler,
  RecordEventHandler,
  RehearseEventHandler,
  RecordOperationHandler,
];

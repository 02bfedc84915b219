import { Inject, type Type } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { RecordConditions, RecordOutcome, RegisterOutcome } from './outcomes.js';
import { Recorder } from './recorder.js';

/** Register a policy. */
export class RegisterPolicy extends Command<RegisterOutcome> {
  constructor(
    readonly input: unknown,
    readonly idempotencyKey?: string,
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

@CommandHandler(RegisterPolicy)
class RegisterPolicyHandler implements ICommandHandler<RegisterPolicy> {
  constructor(@Inject(Recorder) private readonly recorder: Recorder) {}

  execute({ input, idempotencyKey }: RegisterPolicy): Promise<RegisterOutcome> {
    return this.recorder.register(input, idempotencyKey);
  }
}

@CommandHandler(RecordEvent)
class RecordEventHandler implements ICommandHandler<RecordEvent> {
  constructor(@Inject(Recorder) private readonly recorder: Recorder) {}

  execute({ policy, input, conditions }: RecordEvent): Promise<RecordOutcome> {
    return this.recorder.record(policy, input, conditions);
  }
}

/** One handler a command. */
export const commandHandlers: readonly Type<ICommandHandler>[] = [RegisterPolicyHandler, RecordEventHandler];

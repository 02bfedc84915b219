import { setTimeout as delay } from 'node:timers/promises';

/** The calls that a server answers, as far as they can be told to fail. */
export type Call = 'append' | 'read' | 'subscribe' | 'features' | 'gossip';

const never = (): Promise<never> => new Promise(() => undefined);

/** What goes wrong at a server, switched on and off by a test. */
export class Faults {
  /** Calls that are taken and never answered; appends among them are not done. */
  readonly silent = new Set<Call>();
  /** Milliseconds that calls wait before they are dealt with. */
  slowMs = 0;
  /** Milliseconds that answers wait after what was asked for is done. */
  slowAnswerMs = 0;
  /** This many appends are done without an answer: the connection stays, and is quiet. */
  answersToSwallow = 0;
  /** This many appends are done, and the connection breaks instead of an answer. */
  answersToCut = 0;
  /** Appends wait here before they are done, when there is one. */
  appendGate: Promise<void> | undefined;

  heal(): void {
    this.silent.clear();
    this.slowMs = 0;
    this.slowAnswerMs = 0;
    this.answersToSwallow = 0;
    this.answersToCut = 0;
    this.appendGate = undefined;
  }

  /** Resolves when a call may be dealt with: never, for one that is to be kept silent about. */
  async before(call: Call): Promise<void> {
    if (this.silent.has(call)) await never();
    if (call === 'append') await this.appendGate;
    if (this.slowMs > 0) await delay(this.slowMs);
  }

  /** What happens to the answer of an append that is done. */
  async afterAppend(): Promise<'answer' | 'cut'> {
    if (this.answersToCut > 0) {
      this.answersToCut -= 1;
      return 'cut';
    }
    if (this.answersToSwallow > 0) {
      this.answersToSwallow -= 1;
      await never();
    }
    if (this.slowAnswerMs > 0) await delay(this.slowAnswerMs);
    return 'answer';
  }
}

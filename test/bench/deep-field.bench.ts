import { APPLICATION_ROLE, createMemoryEventLog, createPostgresEventLog } from '#event-log';
import { type RecordedEvent, fromStored, instant, policyStream, revision } from '#domain';
import { openPool } from '#postgres';
import { composeProjections } from '../support/databases/projections.js';
import { type Recording, createRecording } from '#recording';
import { Ledger } from '#temporal';
import { importCorpusLines, recordingNeeds } from './harness/import-corpus.js';
import { type Comparison, type Contender, compare } from './harness/measure.js';
import type { Settings } from './harness/settings.js';

const SHALLOW = 50;
const DEEP = 5000;
const ROUNDS = 5;

/** Appends a round, into one deep field or into as many shallow ones. */
const APPENDS = 40;

const WAIT_LIMIT_MS = 30_000;
const PAGE = 1000;
const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(2000, 0, 1);

/** Where in what is on record the appended events belong. */
type News = 'in order' | 'late by half of the history';

/** Appends into a field with many assertions against a field with few: of the ledger alone, and to where it is read. */
export async function deepFieldComparisons(url: string, { rounds = ROUNDS }: Settings): Promise<readonly Comparison[]> {
  return [
    await ledgerAlone('in order', rounds),
    await ledgerAlone('late by half of the history', rounds),
    await endToEnd(url, 'in order', rounds),
    await endToEnd(url, 'late by half of the history', rounds),
  ];
}

async function ledgerAlone(news: News, rounds: number): Promise<Comparison> {
  const appends = APPENDS * (rounds + 1);
  const contender = (depth: number, ledgers: readonly Ledger[], next: readonly RecordedEvent[]): Contender => {
    let appended = 0;
    return {
      name: `a field with ${depth} assertions`,
      run: async () => {
        for (let index = 0; index < APPENDS; index += 1, appended += 1) {
          const event = ledgers.length === 1 ? next[appended] : next[0];
          if (event) ledgers[appended % ledgers.length]?.append(event);
        }
        return APPENDS;
      },
    };
  };
  const [few, many] = [await eventsOf(SHALLOW, 1, news), await eventsOf(DEEP, appends, news)];
  const shallow = Array.from({ length: appends }, () => ledgerOf(few.before));
  return compare({
    title: `Append to the ledger of one policy, ${news}`,
    unit: 'events',
    rounds,
    contenders: [contender(SHALLOW, shallow, few.next), contender(DEEP, [ledgerOf(many.before)], many.next)],
  });
}

function ledgerOf(events: readonly RecordedEvent[]): Ledger {
  const ledger = new Ledger();
  for (const event of events) ledger.append(event);
  return ledger;
}

/** A policy's events, in order of their days, and those to append to them. */
async function eventsOf(
  depth: number,
  appends: number,
  news: News,
): Promise<{ before: readonly RecordedEvent[]; next: readonly RecordedEvent[] }> {
  const log = createMemoryEventLog(Date.now);
  await importCorpusLines(log, linesOf('deep', depth));
  const late = news === 'in order' ? 0 : Math.floor(depth / 2);
  // One at a time: an import would put them in the order of their days.
  const { recorder } = createRecording(recordingNeeds(log));
  for (let index = 0; index < appends; index += 1)
    await recordInto(recorder, 'deep', eventLine({ policy: 'deep', number: depth + index, day: depth + index - late }));
  const events: RecordedEvent[] = [];
  for (let after = 0, isWhole = false; !isWhole;) {
    const page = await log.readStream(policyStream('deep'), { after: revision(after), limit: PAGE });
    events.push(...page.map((entry) => fromStored(entry)));
    after += page.length;
    isWhole = page.length < PAGE;
  }
  return { before: events.slice(0, depth), next: events.slice(depth) };
}

async function endToEnd(url: string, news: News, rounds: number): Promise<Comparison> {
  const pool = openPool({ url, name: 'bench', role: APPLICATION_ROLE, onIdleError: () => undefined });
  const log = createPostgresEventLog({ pool });
  const kind = news === 'in order' ? 'news' : 'late';
  const deep = `deep-${kind}`;
  const shallow = Array.from({ length: APPENDS }, (_, index) => `shallow-${kind}-${index}`);
  for (const policy of shallow) await importCorpusLines(log, linesOf(policy, SHALLOW));
  await importCorpusLines(log, linesOf(deep, DEEP));
  const projections = composeProjections({ pool, log, now: () => instant(Date.now()), onStopped: failed });
  await projections.start();
  const { recorder } = createRecording(recordingNeeds(log));
  const contender = (depth: number, policies: readonly string[]): Contender => {
    let appended = 0;
    return {
      name: `a field with ${depth} assertions`,
      run: async () => {
        for (let index = 0; index < APPENDS; index += 1, appended += 1) {
          const policy = policies[appended % policies.length] ?? '';
          const number = depth + Math.floor(appended / policies.length);
          const day = news === 'in order' ? number : number - Math.floor(depth / 2);
          const position = await recordInto(recorder, policy, eventLine({ policy, number, day }));
          await projections.readSide.waitFor(position, WAIT_LIMIT_MS);
        }
        return APPENDS;
      },
    };
  };
  const comparison = await compare({
    title: `Record an event and wait until the read models hold it, one at a time, ${news}`,
    unit: 'events',
    rounds,
    contenders: [contender(SHALLOW, shallow), contender(DEEP, [deep])],
  });
  await projections.stop();
  await log.close();
  await pool.end();
  return comparison;
}

async function recordInto(recorder: Recording['recorder'], policy: string, event: object) {
  const outcome = await recorder.record(policy, event, {});
  if (outcome.outcome !== 'recorded') throw new Error(JSON.stringify(outcome));
  return outcome.position;
}

function* linesOf(policy: string, depth: number): Generator<string> {
  yield JSON.stringify({ policy: { slug: policy, title: policy, kind: 'scheme', jurisdiction: 'GB' } });
  for (let number = 0; number < depth; number += 1) yield JSON.stringify(eventLine({ policy, number, day: number }));
}

const eventLine = ({ policy, number, day }: { policy: string; number: number; day: number }): object => ({
  key: `${policy}-${number}`,
  policy,
  type: 'terms.changed',
  occurred: dayOf(day),
  publishedAt: dayOf(day + 1),
  summary: `The price was changed for the ${number}th time.`,
  terms: [{ key: 'price', value: number, unit: 'GBP' }],
  epistemic: 'confirmed',
  sources: [{ publisher: 'Ministry', title: `Notice ${number}`, publishedAt: dayOf(day + 1), genre: 'official' }],
});

const dayOf = (day: number): string => new Date(FIRST_DAY + day * DAY_MS).toISOString().slice(0, 10);

function failed(error: unknown): never {
  throw error;
}

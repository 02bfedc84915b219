import type { ComponentChildren, VNode } from 'preact';
import type { Checkpoint } from '../../http/audit/checkpoint.js';
import type { SelfCheck } from '../../http/audit/self-check.js';
import { LevelOutcome } from '../../islands/trust/level-outcome.js';
import type { Frame } from '../../pages/page.js';
import { ageInWords } from '../../words/ages.js';
import { countOf, inWords, numberInWords } from '../../words/words.js';
import { AUDIT_LEVELS } from './levels.js';

/** What the page of the audit shows. */
export interface AuditData {
  /** Null while nothing is signed. */
  readonly checkpoint: Checkpoint | null;
  /** When its last entry was recorded. */
  readonly signedUpTo: string | null;
  /** The key of an event in it, by which the second level is shown. */
  readonly event: string | null;
  readonly publicKey: string;
  readonly selfCheck: SelfCheck;
  /** When the page asked. */
  readonly askedAt: string;
}

interface AuditProps {
  readonly data: AuditData;
  readonly frame: Frame;
}

/** What vouches for the log: its checkpoint, what the service finds in itself, and how to check without trusting it. */
export function Audit({ data, frame }: AuditProps): VNode {
  return (
    <>
      <p class="lead">
        The log is a tree of hashes whose root is signed. Nothing in it can be changed afterwards without being noticed
        by those who have kept an earlier root.
      </p>
      <Section id="checkpoint" title="The latest checkpoint">
        <CheckpointFacts data={data} frame={frame} />
      </Section>
      <Section id="levels" title="What can be checked, and what stays open">
        <Levels />
      </Section>
      <Section id="self-check" title="What the service finds when it checks itself">
        <SelfCheckFacts data={data} frame={frame} />
      </Section>
      <Section id="downloads" title="Downloads">
        <Downloads />
      </Section>
      <Section id="without" title="How to check without this operator">
        <WithoutOperator />
      </Section>
    </>
  );
}

interface SectionProps {
  readonly id: string;
  readonly title: string;
  readonly children: ComponentChildren;
}

function Section({ id, title, children }: SectionProps): VNode {
  return (
    <section aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {children}
    </section>
  );
}

function CheckpointFacts({ data: { checkpoint, signedUpTo, publicKey, askedAt }, frame }: AuditProps): VNode {
  if (checkpoint === null) return <p class="notice">Nothing is signed yet. A new log is signed within seconds.</p>;
  return (
    <dl class="facts">
      <dt>Size</dt>
      <dd>
        {countOf(checkpoint.size, 'entry').replace(/entrys$/, 'entries')}, from @1 to @{checkpoint.size}
      </dd>
      <dt>Root, first 12 digits</dt>
      <dd>
        <code class="root">{checkpoint.digits}</code>
      </dd>
      <dt>Root, whole, in base64</dt>
      <dd>
        <code>{checkpoint.root}</code>
      </dd>
      <dt>Newest entry in it</dt>
      <dd>
        {signedUpTo === null
          ? 'none'
          : `recorded on ${frame.dates.moment(signedUpTo)}, ${ageInWords(signedUpTo, askedAt)}`}
      </dd>
      <dt>Log</dt>
      <dd>
        <code>{checkpoint.origin}</code>
      </dd>
      <dt>Key</dt>
      <dd>
        <code>{publicKey}</code>
      </dd>
    </dl>
  );
}

/** The levels of checking, each with a place for what comes of it in this browser. */
function Levels(): VNode {
  return (
    <>
      <ol class="levels" start={0}>
        {AUDIT_LEVELS.map(({ title, proves, leavesOpen }, level) => (
          <li value={level} data-level={level}>
            <p>
              <strong>{title}.</strong> {proves}
            </p>
            <p class="quiet">Leaves open: {leavesOpen}</p>
            <LevelOutcome level={level} />
          </li>
        ))}
      </ol>
      <p class="quiet">
        What is not marked as checked was not checked. The code that checks here comes from the same operator as the
        log; the last section says how to do without it.
      </p>
    </>
  );
}

const STATUS: Readonly<Record<SelfCheck['status'], string>> = {
  ok: 'Nothing was found.',
  stale: 'Nobody has looked lately, so nothing is known.',
  found: 'Something was found.',
};

/** An instant within a sentence. A finding keeps its own: there a second may be what is wrong. */
const INSTANT = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;

function SelfCheckFacts({ data: { selfCheck, askedAt }, frame }: AuditProps): VNode {
  const { status, message, log, rows, engines, trouble, follower } = selfCheck;
  const when = (at: string): string => `${frame.dates.moment(at)}, ${ageInWords(at, askedAt)}`;
  return (
    <>
      <p class={status === 'found' ? 'finding' : undefined}>
        <strong>{STATUS[status]}</strong>{' '}
        {status === 'stale' ? message.replaceAll(INSTANT, (at) => frame.dates.moment(at)) : message}
      </p>
      {trouble === null ? null : (
        <p class="notice">
          The last check could not be made ({when(trouble.at)}): {trouble.message}
        </p>
      )}
      <dl class="facts">
        <dt>The stored log, hashed again</dt>
        <dd>
          {log.lastFullPass === null
            ? 'No pass over the whole log has ended yet.'
            : `Last whole pass up to @${log.lastFullPass.size}, ended ${when(log.lastFullPass.finishedAt)}; ${countOf(log.lastFullPass.findings, 'finding')}.`}
        </dd>
        <dt>What is shown, compared with the log</dt>
        <dd>
          {rows.lastFullRound === null
            ? 'No round over all policies has ended yet.'
            : `Last whole round: ${countOf(rows.lastFullRound.rows, 'row')} of ${rows.lastFullRound.policies} policies, ended ${when(rows.lastFullRound.finishedAt)}; ${countOf(rows.findings.length, 'finding')}.`}
        </dd>
        <dt>Two ways to compute an answer, compared</dt>
        <dd>
          {countOf(engines.compared, 'answer')} compared, {numberInWords(engines.differing)} of them differed.
        </dd>
        <dt>Signing</dt>
        <dd>
          {inWords(follower.state)} at @{follower.size}, behind by {countOf(follower.lagEvents, 'event')}.
        </dd>
      </dl>
      <Findings selfCheck={selfCheck} />
    </>
  );
}

function Findings({ selfCheck: { log, rows } }: { readonly selfCheck: SelfCheck }): VNode | null {
  if (log.findings.length === 0 && rows.findings.length === 0) return null;
  return (
    <ul class="finding">
      {log.findings.map(({ position, message }) => (
        <li>
          {position === null ? '' : `At @${position}: `}
          {message}
        </li>
      ))}
      {rows.findings.map(({ policy, table, row }) => (
        <li>
          The row {row} of {policy} in {table} does not follow from the log.
        </li>
      ))}
    </ul>
  );
}

function Downloads(): VNode {
  return (
    <ul>
      <li>
        <a href="/v1/audit/export" download>
          The whole log
        </a>{' '}
        as one file that can be verified by itself: its entries, their hashes, the signed checkpoint
      </li>
      <li>
        <a href="/v1/audit/checkpoint" download="checkpoint.txt">
          The latest checkpoint
        </a>
        : keep it, and give it to the next check
      </li>
      <li>
        <a href="/v1/audit/public-key" download="public-key.txt">
          The public key
        </a>
        : better taken from elsewhere than from here
      </li>
    </ul>
  );
}

function WithoutOperator(): VNode {
  return (
    <>
      <ol>
        <li>Get the public key from somebody other than this server, and a clone of the repository of this program.</li>
        <li>Download the whole log. Keep the checkpoint of every download.</li>
        <li>
          In the clone run <code>npx ptl verify FILE --key KEY --checkpoint EARLIER</code>. It needs no network and no
          database; it names the first bad position, and says what it cannot prove.
        </li>
        <li>
          Compare the root with others who did the same: nobody alone can notice that they are shown a log of their own.
        </li>
      </ol>
      <p>
        Tiles and proofs are served as other tools expect them (C2SP tlog-tiles), below <code>/v1/audit</code>.
      </p>
    </>
  );
}

import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Checkable } from '../../http/audit/checkable.js';
import { type Trust, type TrustLevel, announceTrust, hearTrust } from './trust.js';

const LEVELS: readonly (readonly [TrustLevel, string])[] = [
  ['signature', 'the newest checkpoint is signed'],
  ['growth', 'the log has only grown since your first visit'],
  ['event', 'this event is in the signed log as it is shown'],
  ['answer', 'all entries of the policy, folded again here, give what is shown'],
];

/** A reader who moves through time is not overtaken by checks of what they have left. */
const SETTLE_MS = 400;

/**
 * What this browser has checked of the log, on every page.
 *
 * Grey until something was checked; what could not be checked is told beside it; what is wrong is told in red, with both
 * checkpoints to keep.
 */
export function Badge({ check = {} }: { readonly check: Checkable | undefined }): VNode {
  const [trust, setTrust] = useState<Trust>();
  const subject = `${check.event?.key} ${check.answer?.permalink}`;
  useEffect(() => hearTrust(setTrust), []);
  useEffect(() => {
    const isFirst = trust === undefined;
    let isLeft = false;
    // What was found of the answer that was shown before says nothing about this one.
    if (trust?.verdict === 'verified') {
      const { signature, growth } = trust.results;
      setTrust({ ...trust, results: { ...(signature && { signature }), ...(growth && { growth }) } });
    }
    const tell = (found: Trust): void => {
      if (!isLeft) announceTrust(found);
    };
    const run = (): void => {
      // The checks are fetched when everything else is there.
      void import('./trust-check.js')
        .then(({ checkTrust }) => checkTrust(check, tell))
        .catch(() => tell({ verdict: 'not-checked', because: 'The program that checks could not be run.' }));
    };
    const settling = setTimeout(run, isFirst ? 0 : SETTLE_MS);
    return () => {
      isLeft = true;
      clearTimeout(settling);
    };
  }, [subject]);
  if (trust?.verdict === 'wrong') return <Wrong trust={trust} />;
  return (
    <p class="badge-place">
      <a class={`badge badge-${trust?.verdict ?? 'not-checked'}`} href="/audit" title={explain(trust)}>
        {trust?.verdict === 'verified' ? nameChecked(trust) : 'not checked'}
      </a>
      {notRun(trust).map((words) => (
        <span class="badge-open">{words}</span>
      ))}
    </p>
  );
}

type Verified = Extract<Trust, { readonly verdict: 'verified' }>;

const nameChecked = ({ results, size }: Verified): string =>
  `${results.answer?.outcome === 'checked' ? 'answer ' : ''}checked to @${size}`;

function notRun(trust: Trust | undefined): readonly string[] {
  if (trust?.verdict !== 'verified') return [];
  return Object.values(trust.results).flatMap(({ outcome, words }) => (outcome === 'not-run' ? [words] : []));
}

function explain(trust: Trust | undefined): string {
  if (trust?.verdict === 'not-checked') return `This browser has not checked the log. ${trust.because}`;
  if (trust?.verdict !== 'verified') return 'This browser has not checked the log.';
  const checked = LEVELS.filter(([level]) => trust.results[level]?.outcome === 'checked');
  return `Checked in this browser: ${checked.map(([, words]) => words).join('; ')}.`;
}

function Wrong({ trust }: { readonly trust: Extract<Trust, { readonly verdict: 'wrong' }> }): VNode {
  const { fault, now, kept } = trust;
  return (
    <div class="badge-wrong" role="alert">
      <strong>This log is not what was signed.</strong> {fault.message}
      {fault.position === null ? '' : ` First bad position: @${fault.position}.`}{' '}
      <Download text={now} name="checkpoint-now" />
      {kept === undefined ? null : <Download text={kept} name="checkpoint-kept" />}
    </div>
  );
}

/** A link that saves a text as a file, without asking the server. */
function Download({ text, name }: { readonly text: string; readonly name: string }): VNode {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [text]);
  return address === undefined ? (
    <></>
  ) : (
    <a href={address} download={`${name}.txt`}>
      Keep {name.replace('-', ' ')}
    </a>
  );
}

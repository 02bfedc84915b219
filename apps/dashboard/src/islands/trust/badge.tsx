import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Trust, TrustLevel } from './trust-check.js';

const LEVELS: Readonly<Record<TrustLevel, string>> = {
  signature: 'the newest checkpoint is signed',
  event: 'this event is in the signed log as it is shown',
  growth: 'the log has only grown since your first visit',
};

/**
 * What this browser has checked of the log, on every page.
 *
 * Grey until something was checked; what is wrong is told in red, with both checkpoints to keep.
 */
export function Badge({ path }: { readonly path: string }): VNode {
  const [trust, setTrust] = useState<Trust>();
  const [, eventKey] = /^\/events\/([^/]+)$/.exec(path) ?? [];
  useEffect(() => {
    // The checks are fetched when everything else is there.
    void import('./trust-check.js').then(({ checkTrust }) => checkTrust(eventKey)).then(setTrust);
  }, [eventKey]);
  if (trust?.verdict === 'wrong') return <Wrong trust={trust} />;
  return (
    <a class={`badge badge-${trust?.verdict ?? 'not-checked'}`} href="/audit" title={explain(trust)}>
      {trust?.verdict === 'verified' ? `checked to @${trust.size}` : 'not checked'}
    </a>
  );
}

function explain(trust: Trust | undefined): string {
  if (trust?.verdict !== 'verified') return 'This browser has not checked the log.';
  return `Checked in this browser: ${trust.levels.map((level) => LEVELS[level]).join('; ')}.`;
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

import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Receipt, policyRegisteredBy } from '../../form/sending.js';
import { read } from '../../http/ask.js';
import { hexOfBase64 } from '../../http/audit/checkpoint.js';
import type { Frame } from '../../pages/page.js';
import { fieldInWords } from '../../words/words.js';
import { askOverHttp } from '../browser.js';

interface ReceiptProps {
  readonly receipt: Receipt;
  readonly frame: Frame;
}

/** What was recorded, where its proof is, and the ways on. */
export function ReceiptView({ receipt, frame }: ReceiptProps): VNode {
  const place = useRef<HTMLDivElement>(null);
  // It takes the place of the form, and with it of what had the focus.
  useEffect(() => place.current?.focus(), []);
  const slug = policyRegisteredBy(receipt.key);
  return (
    <div ref={place} class="receipt" role="status" tabIndex={-1}>
      <h2>Recorded</h2>
      <dl class="body">
        <dt>{slug === undefined ? 'Event' : 'Policy'}</dt>
        <dd>
          <a href={slug === undefined ? `/events/${receipt.key}` : `/policies/${slug}`}>{slug ?? receipt.key}</a>
        </dd>
        <dt>Position in the log</dt>
        <dd>@{receipt.position}</dd>
        <dt>Recorded at</dt>
        <dd>{frame.dates.moment(receipt.recordedAt)}</dd>
        {receipt.changed === undefined ? null : (
          <>
            <dt>It changed</dt>
            <dd>
              {receipt.changed.length === 0
                ? 'no field of the current state'
                : receipt.changed.map(fieldInWords).join('; ')}
            </dd>
          </>
        )}
        {slug === undefined ? <Inclusion event={receipt.key} /> : null}
      </dl>
      {(receipt.warnings ?? []).map(({ message }) => (
        <p class="notice" key={message}>
          {message}
        </p>
      ))}
      <p>
        {slug === undefined ? (
          <>
            <a href={`/record?corrects=${receipt.key}`}>Correct it</a> · <a href="/record">Record another event</a>
          </>
        ) : (
          <a href={`/record?policy=${slug}`}>Record an event about it</a>
        )}
      </p>
    </div>
  );
}

interface IncludedEntry {
  readonly size: number;
  readonly leafHash: string;
}

const CHECKPOINT_AFTER_MS = 1_000;
const MOST_QUESTIONS = 30;

/** In which checkpoint the event is: asked until there is one, which takes a second or so. */
function Inclusion({ event }: { readonly event: string }): VNode {
  const address = `/v1/audit/proof/inclusion?event=${event}`;
  const [entry, setEntry] = useState<IncludedEntry>();
  useEffect(() => {
    let isOver = false;
    const ask = async (left: number): Promise<void> => {
      const answer = await read<IncludedEntry>(askOverHttp, address);
      if (isOver) return;
      if (answer.ok) setEntry(answer.body);
      else if (left > 0) setTimeout(() => void ask(left - 1), CHECKPOINT_AFTER_MS);
    };
    void ask(MOST_QUESTIONS);
    return () => {
      isOver = true;
    };
  }, []);
  return (
    <>
      <dt>Proof of inclusion</dt>
      <dd>
        <a href={address}>
          {entry === undefined ? 'as soon as a checkpoint covers it' : `in the checkpoint of ${entry.size} entries`}
        </a>
      </dd>
      {entry === undefined ? null : (
        <>
          <dt>Leaf hash</dt>
          <dd>
            <code class="hash">{hexOfBase64(entry.leafHash)}</code>
          </dd>
        </>
      )}
    </>
  );
}

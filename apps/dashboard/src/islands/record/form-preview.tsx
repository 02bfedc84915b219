import type { VNode } from 'preact';
import type { Frame } from '../../pages/page.js';
import { edtfInWords } from '../../words/dates.js';
import { countOf, fieldInWords, valueInWords } from '../../words/words.js';
import type { Checked, Rehearsal, WouldDiffer } from '../../form/sending.js';

interface PreviewProps {
  readonly checked: Checked | undefined;
  readonly frame: Frame;
  /** When a correction or a retraction becomes public: until then the earlier account stands. */
  readonly earlierUntil?: unknown;
}

/** What recording the event would change: now, on its own day, and in answers about the past. */
export function Preview({ checked, frame, earlierUntil }: PreviewProps): VNode {
  return (
    <section class="preview" id="preview" tabIndex={-1} aria-label="Preview" aria-live="polite">
      <h2>What it would change</h2>
      {checked?.kind === 'accepted' ? (
        <>
          <Would rehearsal={checked.rehearsal} frame={frame} />
          {typeof earlierUntil === 'string' ? (
            <p>
              As known before {edtfInWords(earlierUntil)}, the earlier account stands; so does every answer as recorded
              until now.
            </p>
          ) : null}
        </>
      ) : checked?.kind === 'complete' ? (
        <p>A policy of which nothing is known yet, at /policies/{checked.slug}. Nothing else changes.</p>
      ) : (
        <p class="empty">The preview appears when the event could be recorded as it stands.</p>
      )}
    </section>
  );
}

function Would({
  rehearsal: { warnings, would },
  frame,
}: {
  readonly rehearsal: Rehearsal;
  readonly frame: Frame;
}): VNode {
  return (
    <>
      {warnings.map(({ message }) => (
        <p class="notice" key={message}>
          {message}
        </p>
      ))}
      <h3>Now</h3>
      <Differences would={would.now} />
      <h3>On {frame.dates.day(would.onItsDay.validAt)}</h3>
      <Differences would={would.onItsDay} />
      {would.affects.length === 0 ? null : (
        <>
          <h3>
            Answers that would read differently: in{' '}
            {countOf(new Set(would.affects.map(({ field }) => field)).size, 'field')}
          </h3>
          <ul>
            {would.affects.map(({ field, known, valid }) => (
              <li key={`${field} ${valid.from ?? ''} ${known.from ?? ''}`}>
                {fieldInWords(field)}: about {valid.from === null ? 'any time before' : frame.dates.moment(valid.from)}
                {valid.to === null ? ' and after' : ` to ${frame.dates.moment(valid.to)}`}, as known
                {known.from === null ? ' at any time' : ` from ${frame.dates.moment(known.from)} on`}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function Differences({ would }: { readonly would: WouldDiffer }): VNode {
  if (would.changes.length === 0) return <p>Nothing that holds would differ.</p>;
  return (
    <ul class="differences">
      {would.changes.map(({ field, before, after }) => (
        <li key={field}>
          {fieldInWords(field)}: <del>{valueInWords(before)}</del> <ins>{valueInWords(after)}</ins>
        </li>
      ))}
    </ul>
  );
}

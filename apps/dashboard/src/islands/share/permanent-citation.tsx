import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { csrfHeaders } from '../browser.js';
import { CopyField } from './copy-field.js';

/** A citation that the service keeps, or why there is none. */
type Kept = { readonly citationUrl: string } | { readonly because: string };

/** Lets the service keep a citation of an answer, which says years later whether it still holds. */
export function PermanentCitation({ url }: { readonly url: string }): VNode {
  const [kept, setKept] = useState<Kept>();
  if (kept !== undefined && 'citationUrl' in kept)
    return <CopyField label="Permanent citation: says years later whether this still holds" text={kept.citationUrl} />;
  return (
    <p>
      <button type="button" onClick={() => void cite(url).then(setKept)}>
        Keep a permanent citation
      </button>{' '}
      <span role="status" class="quiet">
        {kept === undefined ? 'An address that says years later whether this still holds.' : kept.because}
      </span>
    </p>
  );
}

async function cite(url: string): Promise<Kept> {
  try {
    const response = await fetch('/v1/citations', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...csrfHeaders() },
      body: JSON.stringify({ url }),
    });
    const answer: { readonly citationUrl?: string; readonly detail?: string } = await response.json();
    const { citationUrl, detail = 'It cannot be kept now.' } = answer;
    return citationUrl === undefined ? { because: detail } : { citationUrl };
  } catch {
    return { because: 'The server cannot be reached.' };
  }
}

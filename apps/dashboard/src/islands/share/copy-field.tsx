import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';

interface CopyFieldProps {
  readonly label: string;
  readonly text: string;
}

/** A text to copy: selected as a whole when it is focused, so that no permission is needed. */
export function CopyField({ label, text }: CopyFieldProps): VNode {
  const field = useRef<HTMLTextAreaElement>(null);
  const [copied, setCopied] = useState<string>();
  const copy = async (): Promise<void> => {
    field.current?.select();
    setCopied((await copyText(text)) ? text : undefined);
  };
  return (
    <div class="copied">
      <label>
        {label}
        <textarea
          ref={field}
          readOnly
          rows={Math.min(MOST_ROWS, text.split('\n').length + (text.length > WIDE ? 1 : 0))}
          value={text}
          onFocus={(event) => event.currentTarget.select()}
        />
      </label>
      <button type="button" aria-label={`Copy: ${label}`} onClick={() => void copy()}>
        Copy
      </button>
      <span role="status" class="quiet">
        {copied === text ? 'Copied.' : ''}
      </span>
    </div>
  );
}

const MOST_ROWS = 8;
const WIDE = 70;

/** Copies a text where the browser allows it; where it does not, the text is selected and the reader copies it. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

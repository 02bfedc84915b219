import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

interface DayPickerProps {
  /** What the day is for. */
  readonly label: string;
  /** Takes the day, as an ISO date. */
  readonly onChoose: (day: string) => void;
}

/** The browser's own calendar beside a field that takes more than days. Where there is none its place stays empty, so nothing moves. */
export function DayPicker({ label, onChoose }: DayPickerProps): VNode {
  const calendar = useRef<HTMLInputElement>(null);
  const [isThere, setThere] = useState(false);
  useEffect(() => setThere('showPicker' in HTMLInputElement.prototype), []);
  if (!isThere) return <span class="day-picker" />;
  return (
    <span class="day-picker">
      <button
        type="button"
        aria-label={`${label}: choose a day`}
        title="Choose a day"
        onClick={() => calendar.current?.showPicker()}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M2 4h12v10H2zM2 7h12M5 2v3M11 2v3" />
        </svg>
      </button>
      <input
        ref={calendar}
        type="date"
        tabIndex={-1}
        aria-hidden="true"
        onChange={({ currentTarget: { value } }) => {
          if (value !== '') onChoose(value);
        }}
      />
    </span>
  );
}

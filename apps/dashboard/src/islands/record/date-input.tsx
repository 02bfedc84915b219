import type { TargetedEvent, VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { valueAt } from '../../form/body.js';
import { DATE_KINDS, type SaidDate, writeEdtf } from '../../form/date-help.js';
import type { FormField } from '../../form/fields.js';
import { exactDate } from '../../form/typed-dates.js';
import { edtfInWords } from '../../words/dates.js';
import { readPoint } from '../../words/points.js';
import { DayPicker } from '../time/day-picker.js';
import type { ControlProps } from './form-state.js';

interface DateInputProps extends ControlProps {
  readonly field: Extract<FormField, { readonly kind: 'date' }>;
  readonly label: string;
}

/** A date as people write it. Beside it: how it is read, the browser's calendar, and help for dates that are not certain. */
export function DateInput({ field, path, form, onChange, common, label }: DateInputProps): VNode {
  const value = valueAt(form.body, path);
  const text = typeof value === 'string' ? value : '';
  const settle = (event: TargetedEvent<HTMLInputElement>): void => {
    const exact = exactDate(event.currentTarget.value, field, form.today);
    if (exact !== event.currentTarget.value) onChange(path, exact);
  };
  const choose = (date: string): void => {
    onChange(path, date);
    document.getElementById(common.id)?.focus();
  };
  return (
    <>
      <input
        {...common}
        value={text}
        placeholder={field.example}
        autocomplete="off"
        onInput={(event) => onChange(path, event.currentTarget.value)}
        onBlur={settle}
      />
      <DayPicker label={label} onChoose={choose} />
      <ReadAs text={text} exact={exactDate(text, field, form.today)} today={form.today} onChoose={choose} />
      {field.isDay ? null : <DateHelper label={label} today={form.today} onChoose={choose} />}
    </>
  );
}

interface ReadAsProps {
  readonly text: string;
  readonly exact: string;
  readonly today: string;
  readonly onChoose: (date: string) => void;
}

/** How a date is read; of two ways to read it, the reader takes one. */
function ReadAs({ text, exact, today, onChoose }: ReadAsProps): VNode {
  const point = readPoint(text, today);
  if (point.kind === 'ambiguous')
    return (
      <p class="quiet">
        Which day is it?{' '}
        {point.readings.map(({ value, words }) => (
          <button type="button" key={value} onClick={() => onChoose(value)}>
            {words}
          </button>
        ))}
      </p>
    );
  const words = edtfInWords(exact);
  return <p class="quiet">{words === exact ? '' : words}</p>;
}

interface DateHelperProps {
  readonly label: string;
  readonly today: string;
  readonly onChoose: (edtf: string) => void;
}

/** Turns what is said of a date into its exact form. */
function DateHelper({ label, today, onChoose }: DateHelperProps): VNode {
  const place = useRef<HTMLDetailsElement>(null);
  const [said, setSaid] = useState<SaidDate>({ kind: 'on a day', first: '', second: '' });
  const edtf = writeEdtf(said, today);
  const needsTwo = said.kind === 'some day between' || said.kind === 'lasting from … to';
  const isOfMonth = said.kind.includes('month');
  return (
    <details class="help" ref={place}>
      <summary>Help with the date</summary>
      <select
        aria-label={`${label}: how precisely is it known?`}
        value={said.kind}
        onChange={(event) =>
          setSaid({ ...said, kind: DATE_KINDS.find((kind) => kind === event.currentTarget.value) ?? 'on a day' })
        }
      >
        {DATE_KINDS.map((kind) => (
          <option key={kind}>{kind}</option>
        ))}
      </select>{' '}
      <input
        aria-label={needsTwo ? 'First date' : isOfMonth ? 'Month' : 'Date'}
        placeholder={isOfMonth ? 'July 2025' : '8 July 2025'}
        value={said.first}
        onInput={(event) => setSaid({ ...said, first: event.currentTarget.value })}
      />{' '}
      {needsTwo ? (
        <input
          aria-label="Second date"
          placeholder="12 July 2025"
          value={said.second}
          onInput={(event) => setSaid({ ...said, second: event.currentTarget.value })}
        />
      ) : null}{' '}
      <button
        type="button"
        disabled={edtf === undefined}
        onClick={() => {
          if (edtf === undefined) return;
          place.current?.removeAttribute('open');
          onChoose(edtf);
        }}
      >
        Use {edtf === undefined ? 'it' : edtfInWords(edtf)}
      </button>
    </details>
  );
}

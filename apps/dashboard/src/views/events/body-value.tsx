import type { VNode } from 'preact';
import { edtfInWords } from '../../words/dates.js';
import { fieldName } from '../../words/event-words.js';
import { inWords, numberInWords, valueInWords } from '../../words/words.js';

/** Fields whose text is a word of a closed list, or a key. */
const WORDS: ReadonlySet<string> = new Set(['status', 'stance', 'stage', 'outcome', 'epistemic', 'modality', 'kind']);

/** Fields whose text is a date. */
const DATES: ReadonlySet<string> = new Set(['plannedFor', 'effective', 'occurred', 'publishedAt']);

interface ValueProps {
  readonly name: string;
  readonly value: unknown;
}

/** A value of an event's body, whatever its form: what is not known here is shown as it is recorded. */
export function BodyValue({ name, value }: ValueProps): VNode {
  if (Array.isArray(value)) return <ListValue name={name} values={value} />;
  if (typeof value !== 'object' || value === null) return <>{plainInWords(name, value)}</>;
  if ('erased' in value) return <em>erased</em>;
  if (name === 'figures' || name === 'terms') return <MeasureValue value={value} />;
  if (name === 'actors' || name === 'counterparties' || name === 'attributedTo') return <>{actorInWords(value)}</>;
  return (
    <dl class="inner">
      {Object.entries(value).map(([field, each]: [string, unknown]) => (
        <>
          <dt>{fieldName(field)}</dt>
          <dd>
            <BodyValue name={field} value={each} />
          </dd>
        </>
      ))}
    </dl>
  );
}

function ListValue({ name, values }: { readonly name: string; readonly values: readonly unknown[] }): VNode {
  return (
    <ul class="plain">
      {values.map((each) => (
        <li>
          <BodyValue name={name} value={each} />
        </li>
      ))}
    </ul>
  );
}

function plainInWords(name: string, value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'number') return numberInWords(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (DATES.has(name)) return edtfInWords(text);
  return WORDS.has(name) ? inWords(text) : text;
}

/** A figure or a term: its name, its amount, and the period for which it holds. */
function MeasureValue({ value }: { readonly value: object }): VNode {
  const { measure, key, period, ...amount }: { measure?: unknown; key?: unknown; period?: unknown } = value;
  const name = measure ?? key;
  return (
    <>
      {typeof name === 'string' ? `${inWords(name)}: ` : ''}
      {valueInWords(amount)}
      {typeof period === 'string' ? ` (${edtfInWords(period)})` : ''}
    </>
  );
}

function actorInWords(value: object): string {
  const { name, role, onBehalfOf }: { name?: unknown; role?: unknown; onBehalfOf?: unknown } = value;
  return [
    typeof name === 'string' ? name : 'name erased',
    typeof role === 'string' ? `, ${role}` : '',
    typeof onBehalfOf === 'string' ? `, on behalf of ${onBehalfOf}` : '',
  ].join('');
}

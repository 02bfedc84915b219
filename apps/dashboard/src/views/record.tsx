import type { VNode } from 'preact';
import type { EventType } from '../form/fields.js';
import type { RecordData } from '../form/record-data.js';
import { ReceiptView, RecordForm } from '../islands/record/record-form.js';
import type { Frame } from '../pages/page.js';
import { typeInWords } from '../words/event-words.js';
import { inWords } from '../words/words.js';
import { SignInLink } from './sign-in-link.js';

/** The choice of a type of events, or the form of the type that was chosen. */
export function RecordView({ data, frame }: { readonly data: RecordData; readonly frame: Frame }): VNode {
  if (frame.about.writes === 'closed')
    return (
      <p class="notice">
        Writes are not open here. They are accepted on the machine that runs the service, or with a key.
        {frame.about.signIn === 'out' ? (
          <>
            {' '}
            <SignInLink frame={frame} /> to record.
          </>
        ) : null}
      </p>
    );
  if (data.receipt !== undefined) return <ReceiptView receipt={data.receipt} frame={frame} />;
  if (data.type === undefined) return <TypeChoice types={data.types} policy={frame.address.parameters.get('policy')} />;
  return (
    <>
      <p class="lead">{data.types.find(({ type }) => type === data.type)?.about}</p>
      {data.target === undefined ? null : <p>It says now: {data.target.summary}</p>}
      <RecordForm data={data} frame={frame} />
    </>
  );
}

interface TypeChoiceProps {
  readonly types: readonly EventType[];
  readonly policy: string | undefined;
}

function TypeChoice({ types, policy }: TypeChoiceProps): VNode {
  const families = [...new Set(types.map(familyIn))].filter((family) => family !== 'operation');
  const kept = policy === undefined ? '' : `&policy=${encodeURIComponent(policy)}`;
  return (
    <>
      <p>What happened? Choose the type that fits best; it decides which fields there are.</p>
      {families.map((family) => (
        <section key={family} aria-label={family}>
          <h2>{inWords(family)}</h2>
          <dl class="types">
            {types
              .filter((each) => familyIn(each) === family)
              .map(({ type, about }) => (
                <div key={type}>
                  <dt>
                    <a href={`/record?type=${type}${kept}`}>{typeInWords(type)}</a>
                  </dt>
                  <dd>{about}</dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
    </>
  );
}

const familyIn = ({ type }: EventType): string => type.split('.')[0] ?? '';

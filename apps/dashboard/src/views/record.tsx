import type { VNode } from 'preact';
import { type EventType, REGISTRATION_TYPE } from '../form/fields.js';
import type { RecordData } from '../form/record-data.js';
import { ReceiptView } from '../islands/record/receipt-view.js';
import { RecordForm } from '../islands/record/record-form.js';
import type { Frame } from '../pages/page.js';
import { typeInWords } from '../words/event-words.js';
import { capitalise, inWords } from '../words/words.js';
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
      <p class="lead">{aboutType(data)}</p>
      {data.target === undefined ? (
        <FormNote data={data} frame={frame} />
      ) : (
        <p>
          It says now: <a href={`/events/${encodeURIComponent(data.target.key)}`}>{data.target.summary}</a>
        </p>
      )}
      <RecordForm data={data} frame={frame} />
    </>
  );
}

const aboutType = ({ types, type }: RecordData): string | undefined =>
  type === REGISTRATION_TYPE
    ? 'A policy is registered once, before the first event about it.'
    : types.find((each) => each.type === type)?.about;

/** The ways to another form, where this one does not fit. */
function FormNote({ data: { type }, frame }: { readonly data: RecordData; readonly frame: Frame }): VNode {
  if (type === REGISTRATION_TYPE) return <></>;
  const policy = frame.address.parameters.get('policy');
  return (
    <p class="quiet">
      <a href={`/record${policy === undefined ? '' : `?policy=${encodeURIComponent(policy)}`}`}>
        Another type of event
      </a>{' '}
      · <a href={`/record?type=${REGISTRATION_TYPE}`}>Register a policy</a> that is not on record yet
    </p>
  );
}

interface TypeChoiceProps {
  readonly types: readonly EventType[];
  readonly policy: string | undefined;
}

function TypeChoice({ types, policy }: TypeChoiceProps): VNode {
  const families = [...new Set(types.map(familyIn))].filter((family) => !['operation', 'record'].includes(family));
  const kept = policy === undefined ? '' : `&policy=${encodeURIComponent(policy)}`;
  return (
    <>
      <p>What happened? Choose the type that fits best; it decides which fields there are.</p>
      <p>
        A policy that is not on record yet is <a href={`/record?type=${REGISTRATION_TYPE}`}>registered</a> first. To
        correct or retract what is on record, follow the link on the page of the event.
      </p>
      <div class="families">
        {families.map((family) => (
          <section key={family} aria-label={capitalise(inWords(family))}>
            <h2>{capitalise(inWords(family))}</h2>
            <dl class="types">
              {types
                .filter((each) => familyIn(each) === family)
                .map(({ type, about }) => (
                  <div key={type}>
                    <dt>
                      <a href={`/record?type=${type}${kept}`}>{capitalise(typeInWords(type))}</a>
                    </dt>
                    <dd>{about}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </>
  );
}

const familyIn = ({ type }: EventType): string => type.split('.')[0] ?? '';

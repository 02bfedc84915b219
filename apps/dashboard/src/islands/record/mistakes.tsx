import type { VNode } from 'preact';
import { placeInWords } from '../../form/labels.js';
import { type FormErrors, isMissing } from '../../form/sending.js';

interface MistakesProps {
  readonly errors: FormErrors;
  /** What is only not filled in yet; said as a mistake once its writer has asked for a check. */
  readonly needed: FormErrors;
}

/** Why a form cannot be recorded yet, with the way to each field. */
export function Mistakes({ errors, needed }: MistakesProps): VNode {
  return (
    <>
      <div id="mistakes" tabIndex={-1} aria-live="polite" class={errors.length === 0 ? 'unseen' : 'mistakes'}>
        {errors.length === 0 ? null : (
          <>
            <p>This cannot be recorded yet:</p>
            <ul>
              {errors.map((error) => (
                <li key={`${error.pointer} ${error.message}`}>
                  <PlaceLink pointer={error.pointer} />: {isMissing(error) ? 'fill this in.' : error.message}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      {needed.length === 0 ? null : (
        <p class="quiet">
          Still needed:{' '}
          {needed.map(({ pointer }, index) => (
            <>
              {index === 0 ? '' : ' · '}
              <PlaceLink pointer={pointer} />
            </>
          ))}
        </p>
      )}
    </>
  );
}

function PlaceLink({ pointer }: { readonly pointer: string }): VNode {
  if (pointer === '') return <>The event</>;
  return <a href={`#field${pointer}`}>{placeInWords(pointer)}</a>;
}

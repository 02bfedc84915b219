import type { ComponentChildren, VNode } from 'preact';
import type { PolicyEvent, Source } from '../../http/answers.js';
import type { ModelRow } from '../../http/model-answers.js';
import type { Frame } from '../../pages/page.js';

/** A link to the page of a policy, by its title where the row has one. */
export function PolicyLink({
  row,
  frame,
}: {
  readonly row: Pick<ModelRow, 'policy' | 'policyTitle'>;
  readonly frame: Frame;
}): VNode {
  return <a href={frame.link(`/policies/${row.policy}`)}>{row.policyTitle ?? row.policy}</a>;
}

interface EventLinkProps {
  readonly event: string;
  readonly frame: Frame;
  /** What the link says; the key of the event if nothing. */
  readonly children?: ComponentChildren;
}

/** A link to the page of an event. */
export function EventLink({ event, frame, children }: EventLinkProps): VNode {
  return <a href={frame.link(`/events/${event}`)}>{children ?? event}</a>;
}

/** A text of an event as it can be shown: what was erased says so. */
export const textOrErased = (text: unknown): string => (typeof text === 'string' ? text : 'text erased');

/** True of an address that a page may lead to: one of the web, and no script. */
const isOfTheWeb = (address: string): boolean => /^https?:[/][/]/i.test(address);

/** Where the same policy is described elsewhere: links that name the place; nothing where there is none. */
export function SameAs({ addresses }: { readonly addresses: readonly string[] }): VNode | null {
  if (addresses.length === 0) return null;
  return (
    <p class="same-as">
      The same elsewhere:{' '}
      {addresses.map((address, index) => (
        <>
          {index === 0 ? '' : ', '}
          {isOfTheWeb(address) ? (
            <a href={address} rel="external noopener nofollow noreferrer">
              {withoutScheme(address)}
            </a>
          ) : (
            address
          )}
        </>
      ))}
    </p>
  );
}

const withoutScheme = (address: string): string => address.replace(/^https?:[/][/]/i, '').replace(/[/]$/, '');

/** A title of a source, as a link where it has an address on the web. */
export function SourceTitle({
  source: { title, url },
}: {
  readonly source: { readonly title: string; readonly url?: string | null | undefined };
}): VNode {
  if (url === undefined || url === null || !isOfTheWeb(url)) return <cite>{title}</cite>;
  return (
    <cite>
      <a href={url} rel="noopener nofollow noreferrer">
        {title}
      </a>
    </cite>
  );
}

/** The first source of an event, in few words: publisher and title. */
export function FirstSource({ event }: { readonly event: PolicyEvent }): VNode | null {
  const [source, ...others]: readonly Source[] = event.sources ?? [];
  if (source === undefined) return null;
  return (
    <>
      {source.publisher}: <SourceTitle source={source} />
      {others.length === 0 ? null : ` and ${others.length} more`}
    </>
  );
}

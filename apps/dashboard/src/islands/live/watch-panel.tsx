import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Frame, OpenPage } from '../../pages/page.js';
import { useNavigation } from '../navigation.js';
import { lossInWords, otherAccountInWords } from './live-words.js';
import { NOTHING_GATHERED, gather, policyShown } from './signals.js';
import { watchDay } from './watch-stream.js';

/** The day that a page shows, and whether it is watched. */
export interface WatchProps {
  readonly frame: Frame;
  readonly page: Pick<OpenPage, 'coordinate' | 'permalink'>;
  readonly isOn: boolean;
  readonly onTurn: (isOn: boolean) => void;
}

/** Watches a past day where the reader wants it: speaks when our account of that day changes, else is silent. */
export function WatchPanel({ frame, page: { coordinate, permalink }, isOn, onTurn }: WatchProps): VNode {
  const [told, setTold] = useState(NOTHING_GATHERED);
  const [lostSince, setLostSince] = useState<string>();
  const navigation = useNavigation();
  const policy = policyShown(frame.address, permalink);
  const { knownAt = '', validAt = '', recordedAt } = coordinate ?? {};
  useEffect(() => {
    setTold(NOTHING_GATHERED);
    if (!isOn || recordedAt === undefined) return undefined;
    return watchDay(
      { policy, knownAt, validAt, position: recordedAt.position },
      {
        hear: (signal) => {
          setLostSince(undefined);
          setTold((before) => gather(before, signal));
        },
        lose: () => setLostSince(new Date().toISOString()),
      },
    );
  }, [isOn, policy, knownAt, validAt, recordedAt?.position]);
  const day = frame.dates.moment(knownAt);
  return (
    <span class="watch">
      <button type="button" aria-pressed={isOn} onClick={() => onTurn(!isOn)}>
        Watch this day
      </button>{' '}
      <span class="quiet" role="status">
        {!isOn
          ? ''
          : lostSince === undefined
            ? `Speaks when our account of ${day} changes.`
            : lossInWords(lostSince, frame.dates)}
      </span>
      {isOn && told.policies.length > 0 ? (
        <span class="told" role="status">
          {otherAccountInWords(day, told.policies, told.changes)}{' '}
          <button type="button" onClick={() => void navigation?.refresh()}>
            Show
          </button>
        </span>
      ) : null}
    </span>
  );
}

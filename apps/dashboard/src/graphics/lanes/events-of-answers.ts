import type { PolicyEvent } from '../../http/answers.js';
import type { LaneEpistemic, LaneEvent, LaneModality } from './lane-input.js';

/** Events as answers show them, for a lane. What is not dated at all is left out: it has no place. */
export const eventsOfAnswers = (events: readonly PolicyEvent[]): readonly LaneEvent[] =>
  events.flatMap((event) => {
    const { earliest = null, latest = null, settled = null } = event.dating ?? {};
    if (earliest === null && latest === null && settled === null) return [];
    return [
      {
        key: event.key,
        name: event.summary,
        earliest: earliest === null ? -Infinity : Date.parse(earliest),
        latest: latest === null ? Infinity : Date.parse(latest),
        settled: settled === null ? Infinity : Date.parse(settled),
        modality: MODALITIES.find((each) => each === event.modality) ?? 'actual',
        epistemic: EPISTEMICS.find((each) => each === event.epistemic) ?? 'confirmed',
        isApproximate: /[~?]/.test(event.occurred),
        isCorrected: isAny(event.correctedBy),
        isRetracted: isAny(event.retractedBy),
        isReversal: event.type === 'policy.reversed',
        isConflicting: (event.links ?? []).some(({ rel }) => rel === 'contradicts'),
      },
    ];
  });

const MODALITIES: readonly LaneModality[] = ['actual', 'planned', 'conditional'];
const EPISTEMICS: readonly LaneEpistemic[] = ['confirmed', 'reported', 'claimed', 'disputed', 'denied'];

const isAny = (keys: readonly string[] | undefined): boolean => keys !== undefined && keys.length > 0;

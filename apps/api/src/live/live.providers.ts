import type { FactoryProvider } from '@nestjs/common';
import { type Instant, instant } from '#domain';
import type { EventLog } from '#event-log';
import { StateChanges } from '#projections';
import type { Configuration, Logger } from '#runtime';
import { Freshness } from '../http/freshness.js';
import { Metrics } from '../health/metrics.js';
import type { Calendar } from '../tokens.js';
import { LiveStreams } from './live-streams.js';
import { StreamOpening, THIS_MACHINE } from './stream-opening.js';
import type { StreamLimits } from './stream-places.js';

/** The most streams of one address other than this machine's, by default. */
const CLIENT_STREAM_LIMIT = 100;

interface Parts {
  readonly configuration: Configuration;
  readonly logger: Logger;
  readonly log: EventLog;
  readonly calendar: Calendar;
}

/** The providers of the streams and of their opening. */
export const liveProviders = ({ configuration, logger, log, calendar }: Parts): readonly FactoryProvider[] => [
  {
    provide: LiveStreams,
    useFactory: (states: StateChanges, metrics: Metrics): LiveStreams => {
      const onFault = (error: unknown): void => logger.warn({ err: error }, 'the live streams met a fault');
      const now = (): Instant => instant(calendar.now());
      const streams = new LiveStreams({ log, states, now, limits: limitsOf(configuration), onFault });
      metrics.readStreams(() => streams.counts);
      return streams;
    },
    inject: [StateChanges, Metrics],
  },
  {
    provide: StreamOpening,
    useFactory: (streams: LiveStreams, states: StateChanges, freshness: Freshness) =>
      new StreamOpening({ streams, states, freshness, log, calendar }),
    inject: [LiveStreams, StateChanges, Freshness],
  },
];

const limitsOf = ({ streamLimit, clientStreamLimit }: Configuration): StreamLimits => ({
  inAll: streamLimit,
  perClient: (client) => clientStreamLimit ?? (client === THIS_MACHINE ? undefined : CLIENT_STREAM_LIMIT),
});

import { describe, expect, it } from '@jest/globals';
import type { Status } from '#domain';
import { unusualTransition } from './transitions.js';

const changes = (from: Status | undefined, to: Status): [Status | undefined, Status] => [from, to];

describe('a change of status', () => {
  it.each([
    changes(undefined, 'announced'),
    changes('announced', 'in-operation'),
    changes('in-operation', 'paused'),
    changes('paused', 'in-operation'),
    changes('blocked', 'scrapped'),
    changes('scrapped', 'announced'),
    changes('ended', 'superseded'),
    changes('blocked', 'legislating'),
    changes('blocked', 'under-negotiation'),
    changes('disrupted', 'in-pilot'),
    changes('paused', 'agreed'),
    changes('paused', 'consulting'),
    changes('stalled', 'agreed'),
    changes('in-pilot', 'paused'),
    changes('in-pilot', 'in-preparation'),
    changes('in-pilot', 'legislating'),
    changes('enacted', 'in-preparation'),
  ])('from %s to %s is usual', (from, to) => {
    expect(unusualTransition(from, to)).toBeUndefined();
  });

  it.each([
    changes(undefined, 'scrapped'),
    changes('in-operation', 'proposed'),
    changes('scrapped', 'in-operation'),
    changes('enacted', 'consulting'),
    changes('enacted', 'legislating'),
    changes('in-operation', 'legislating'),
    changes('in-operation', 'in-pilot'),
    changes('in-pilot', 'proposed'),
    changes('blocked', 'announced'),
    changes('paused', 'sought'),
    changes('scrapped', 'in-pilot'),
  ])('from %s to %s is worth a look', (from, to) => {
    expect(unusualTransition(from, to)).toContain(to);
  });
});

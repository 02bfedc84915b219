import { aliases, jurisdiction, kind, slug, text } from '../fields.js';
import { eventType } from '../event-type.js';

/** The life of a policy itself. */
export const policyFamily = [
  eventType('policy.proposed', { says: 'Someone put the policy forward.', status: 'proposed' }),
  eventType('policy.announced', { says: 'Those in charge said that the policy will be.', status: 'announced' }),
  eventType('policy.commenced', { says: 'The policy took effect.', status: 'in-operation' }),
  eventType('policy.paused', { says: 'The policy was halted for a time.', status: 'paused' }),
  eventType('policy.resumed', { says: 'A halted policy went on.', status: 'in-operation' }),
  eventType('policy.reversed', {
    says: 'The policy was given up by those in charge.',
    status: 'scrapped',
    fields: { undoes: slug.optional().describe('Key of the event that it undoes') },
  }),
  eventType('policy.ended', { says: 'The policy ran out or was brought to its end.', status: 'ended' }),
  eventType('policy.superseded', {
    says: 'Another policy took its place.',
    status: 'superseded',
    fields: { by: slug.optional().describe('Slug of the policy that took its place') },
  }),
  eventType('policy.revived', { says: 'A policy given up was taken up again.', status: 'announced' }),
  eventType('policy.redescribed', {
    says: 'What the policy is called or is, as registered, was put right.',
    fields: {
      title: text(200).optional(),
      kind: kind.optional(),
      jurisdiction: jurisdiction.optional(),
      aliases: aliases.optional(),
    },
  }),
];

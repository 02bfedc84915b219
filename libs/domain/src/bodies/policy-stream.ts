/** The type of registrations in the log. */
export const REGISTERED = 'policy.registered';

/** The key of a policy's registration. Recorders cannot choose it: their keys have no colon. */
export const registrationKey = (policy: string): string => `registered:${policy}`;

/** The stream of a policy. */
export const policyStream = (policy: string): string => `policy-${policy}`;

/** The slug of the policy whose events are in a stream. */
export const policyOf = (stream: string): string => stream.slice(policyStream('').length);

/** What whoever asks may do: each role may do what those before it may. */
export const ROLES = ['reader', 'recorder', 'operator'] as const;

/** One of {@link ROLES}. */
export type Role = (typeof ROLES)[number];

/** True if a role may do what needs another. */
export const reachesRole = (role: Role, needed: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(needed);

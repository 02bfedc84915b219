/** A level of checking: what it checks, and what it leaves open. */
export interface AuditLevel {
  readonly title: string;
  readonly proves: string;
  readonly leavesOpen: string;
}

/** The levels of checking, each with those before it; the number of a level is its place in this list. */
export const AUDIT_LEVELS: readonly AuditLevel[] = [
  {
    title: 'Not checked',
    proves: 'Nothing: you read what this server says.',
    leavesOpen: 'Everything below.',
  },
  {
    title: 'The signature of the checkpoint holds',
    proves: 'Whoever holds the key has signed this size and this root of the log.',
    leavesOpen:
      'Whether the key is that of the publisher, and whether others are shown another log. Compare key and root with what others have.',
  },
  {
    title: 'This event is in that log',
    proves: 'The entry was hashed here, its path leads to the signed root, and the entry is what the page shows.',
    leavesOpen: 'Whether what the entry says is true, and whether other entries that bear on it are shown too.',
  },
  {
    title: 'This answer follows from the log',
    proves: 'All entries of the policy were fetched and folded again here, and give the answer that is shown.',
    leavesOpen: 'Whether the entries are true, and whether everything that happened was recorded.',
  },
  {
    title: 'The log has only grown since your last visit',
    proves: 'What was signed when you were last here is the beginning of what is signed now.',
    leavesOpen: 'What was before your first visit. A browser that forgets begins anew.',
  },
];

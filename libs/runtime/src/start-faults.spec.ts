import { describe, expect, it } from '@jest/globals';
import { whyNotMade, whyNotStarted } from './embedded-postgres/server-faults.js';
import { explainNoRoom } from './start-faults.js';

const NO_ROOM = 'There is no space left on the disk of /data. Make room, or set DATA_DIR to another directory.';

describe('a start on a full disk', () => {
  // As PostgreSQL 18 said it on a full file system.
  it('says one sentence with advice for what the server says', () => {
    const lock =
      '2026-11-30 02:59:23.864 UTC [10833] FATAL:  could not write lock file "postmaster.pid": No space left on device';
    const made = `2026-11-30 02:58:46.107 UTC [10550] FATAL:  could not write to file "pg_wal/xlogtemp.10550": No space left on device
child process exited with exit code 1
initdb: removing contents of data directory "/proc/self/cwd"`;
    expect(whyNotStarted(lock, '/data')).toBe(NO_ROOM);
    expect(whyNotMade(made, '/data')).toBe(NO_ROOM);
    expect(whyNotStarted('FATAL:  something else', '/data')).toContain('something else');
    expect(whyNotMade('initdb: something else', '/data')).toContain('something else');
  });

  it('says one sentence with advice for whatever wants room in its course', () => {
    const full = { message: 'could not extend file "base/5/16384":\n  No space left on device', code: '53100' };
    expect(explainNoRoom(full)).toBe(
      'A disk is full: could not extend file "base/5/16384": No space left on device. Make room on it, and start again.',
    );
    expect(explainNoRoom({ message: 'ENOSPC: no space left on device, write', code: 'ENOSPC' })).toMatch(
      /^A disk is full/,
    );
    expect(explainNoRoom(new Error('something else'))).toBeUndefined();
  });
});

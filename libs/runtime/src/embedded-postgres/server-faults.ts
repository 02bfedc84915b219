/** What the server and its programs say where a disk, or the account's share of it, is full. */
const NO_ROOM = /No space left on device|Disk quota exceeded/;

const noRoom = (path: string): string =>
  `There is no space left on the disk of ${path}. Make room, or set DATA_DIR to another directory.`;

/** Why a server did not start on its data, or behind the port for readers by SQL, from what it said. */
export function whyNotStarted(said: string, path: string, port?: number): string {
  if (NO_ROOM.test(said)) return noRoom(path);
  if (port !== undefined && /could not create any TCP\/IP sockets/.test(said))
    return `Port ${port} on 127.0.0.1 cannot be opened for readers by SQL: it is in use, or not for this account. Set SQL_PORT to another port.`;
  return `PostgreSQL did not start on ${path}:\n${said}`;
}

/** Why the data of a server could not be made, from what was said about it. */
export const whyNotMade = (said: string, path: string): string =>
  NO_ROOM.test(said) ? noRoom(path) : `PostgreSQL could not initialise its data in ${path}:\n${said}`;

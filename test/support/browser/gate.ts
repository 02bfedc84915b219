import { once } from 'node:events';
import { type Socket, connect, createServer } from 'node:net';

/** A way to a server that can be shut, as when the server is stopped, and opened again at the same address. */
export interface Gate {
  readonly url: string;
  open(): Promise<void>;
  /** Breaks every connection, and takes no other. */
  shut(): Promise<void>;
}

/** Opens a gate to a server on this machine. */
export async function openGate(target: string): Promise<Gate> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const server = createServer((incoming) => {
    const outgoing = connect(Number(port), hostname);
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket);
      // A connection that is broken on one side is broken on the other.
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    incoming.pipe(outgoing).pipe(incoming);
  });
  const listen = async (at: number): Promise<void> => {
    server.listen(at, hostname);
    await once(server, 'listening');
  };
  await listen(0);
  const address = server.address();
  const own = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://${hostname}:${own}`,
    open: () => listen(own),
    shut: async () => {
      for (const socket of sockets) socket.destroy();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
}

import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import { once } from 'node:events';
import type { Random } from '../load/random.js';

/** A TCP proxy before the database whose connections can be cut and held up. */
export interface Proxy {
  readonly port: number;
  readonly connections: () => number;
  /** How many were broken so far. */
  readonly broken: { readonly cut: number; readonly torn: number };
  /** Cuts a portion of the connections, from 0 to 1; at least one where there is one. */
  cut(portion: number): void;
  /** Cuts a portion of the connections in the middle of the server's next answer. */
  tear(portion: number): void;
  /** Forwards nothing, and answers no new connection, until `flow`. */
  stall(): void;
  flow(): void;
  close(): Promise<void>;
}

/** Starts a proxy on a free port of this machine, before the server that listens on a Unix socket. */
export async function startProxy(socketPath: string, random: Random): Promise<Proxy> {
  const links = new Set<Link>();
  const broken = { cut: 0, torn: 0 };
  let stalled = false;
  const listener = createServer({ pauseOnConnect: true }, (client) => {
    const link = new Link(client, connect(socketPath), {
      onTorn: () => (broken.torn += 1),
      onClose: () => links.delete(link),
    });
    links.add(link);
    if (!stalled) link.flow();
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const chosen = (portion: number): readonly Link[] => {
    const [first, ...rest] = [...links].sort(() => random.share() - 0.5);
    return first ? [first, ...rest.slice(0, Math.floor(portion * links.size))] : [];
  };
  return {
    port: (listener.address() as AddressInfo).port,
    connections: () => links.size,
    broken,
    cut: (portion) => {
      for (const link of chosen(portion)) {
        broken.cut += 1;
        link.cut();
      }
    },
    tear: (portion) => {
      for (const link of chosen(portion)) link.tear();
    },
    stall: () => {
      stalled = true;
      for (const link of links) link.stall();
    },
    flow: () => {
      stalled = false;
      for (const link of links) link.flow();
    },
    close: async () => {
      listener.close();
      for (const link of links) link.cut();
      await once(listener, 'close');
    },
  };
}

/** One client's connection and its counterpart at the server. */
class Link {
  #isStalled = true;
  #isToTear = false;

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly told: { readonly onTorn: () => void; readonly onClose: () => void },
  ) {
    client.on('data', (chunk) => this.#forward(chunk, { from: client, to: server }));
    server.on('data', (chunk) => this.#answer(chunk));
    client.on('drain', () => this.#isStalled || server.resume());
    server.on('drain', () => this.#isStalled || client.resume());
    // Both sides learn of an end by `close`; an error is one way of getting there.
    for (const socket of [client, server]) socket.on('error', () => undefined).pause();
    client.on('close', () => {
      server.destroy();
      told.onClose();
    });
    server.on('close', (broke) => (broke ? client.resetAndDestroy() : client.end()));
  }

  cut(): void {
    this.client.resetAndDestroy();
    this.server.destroy();
  }

  tear(): void {
    this.#isToTear = true;
  }

  stall(): void {
    this.#isStalled = true;
    this.client.pause();
    this.server.pause();
  }

  flow(): void {
    this.#isStalled = false;
    this.client.resume();
    this.server.resume();
  }

  #answer(chunk: Buffer): void {
    if (!this.#isToTear) return this.#forward(chunk, { from: this.server, to: this.client });
    this.client.write(chunk.subarray(0, Math.floor(chunk.length / 2)), () => this.cut());
    this.#isToTear = false;
    this.server.pause();
    this.told.onTorn();
  }

  #forward(chunk: Buffer, { from, to }: { from: Socket; to: Socket }): void {
    if (!to.write(chunk)) from.pause();
  }
}

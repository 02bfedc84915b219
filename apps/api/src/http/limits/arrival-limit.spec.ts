import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, type Socket, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../../../test/support/eventually.js';
import { limitArrival } from './arrival-limit.js';

const WINDOW_MS = 300_000;
const HEAD = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3000\r\n\r\n';

describe('the limit on the arrival of a request', () => {
  let late = 0;
  let received = 0;
  let isRead = true;
  let complete = 0;
  let windows: (() => void)[] = [];
  const server = createServer((request, response) => {
    if (isRead) request.on('data', (piece: Buffer) => (received += piece.length));
    request.on('end', () => {
      complete += 1;
      response.end();
    });
  });
  limitArrival(server, {
    windowMs: WINDOW_MS,
    bytes: 1000,
    onLate: (socket) => {
      late += 1;
      socket.destroy();
    },
    startTimer: (run, delayMs) => {
      windows.push(run);
      return setTimeout(run, delayMs);
    },
  });

  let client: Socket;
  beforeEach(async () => {
    [late, received, complete, isRead, windows] = [0, 0, 0, true, []];
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    client.on('error', () => undefined);
    client.write(HEAD);
    await eventually('the request is watched', () => windows.length === 1);
  });
  afterEach(async () => {
    client.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const send = async (bytes: number): Promise<void> => {
    const before = received;
    client.write('x'.repeat(bytes));
    await eventually('the bytes have arrived', () => received === before + bytes);
  };
  const passWindow = (): void => windows.shift()?.();

  it('lets a body take as many windows as it needs while it makes progress', async () => {
    for (let part = 0; part < 2; part += 1) {
      await send(1000);
      passWindow();
    }
    await send(1000);
    await once(client, 'data');
    expect([complete, late]).toEqual([1, 0]);
  });

  it('ends a request whose body stands still, or all but does', async () => {
    await send(1000);
    passWindow();
    await send(999);
    expect(late).toBe(0);
    passWindow();
    await once(client, 'close');
    expect([complete, late]).toEqual([0, 1]);
  });

  it('waits where it is the server that does not read on', async () => {
    isRead = false;
    client.destroy();
    windows = [];
    client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    let request: { readonly readableLength: number } | undefined;
    server.once('request', (each) => (request = each));
    client.write(`${HEAD}xyz`);
    await eventually('the bytes have arrived', () => (request?.readableLength ?? 0) > 0);
    passWindow();
    expect([windows.length, late]).toEqual([1, 0]);
  });

  it('watches no request without a body', async () => {
    windows = [];
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const answer = await fetch(address, { method: 'HEAD' });
    expect([answer.status, windows]).toEqual([200, []]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { fastify } from 'fastify';
import { couldWrite } from './could-write.js';
import { refuseRemoteWrites } from './loopback.js';
import { refuseCrossSiteWrites } from './same-site.js';

describe('whether the sender of a request could write', () => {
  it.each([
    ['127.0.0.1', {}, true],
    ['::1', { 'sec-fetch-site': 'same-origin' }, true],
    ['::ffff:127.0.0.1', { origin: 'http://localhost:80' }, true],
    ['10.0.0.7', {}, false],
    ['127.0.0.1.example', {}, false],
    ['127.0.0.1', { 'sec-fetch-site': 'cross-site' }, false],
    ['127.0.0.1', { origin: 'http://elsewhere.example' }, false],
  ])('is what happens to a write of %s with %j', async (remoteAddress, headers, expected) => {
    const server = fastify();
    server.get('/', (request) => couldWrite(request));
    server.post('/', { onRequest: [async (request) => refuseRemoteWrites(request)] }, (request) => {
      refuseCrossSiteWrites(request);
      return 'written';
    });
    const read = await server.inject({ url: '/', remoteAddress, headers });
    const write = await server.inject({ method: 'POST', url: '/', remoteAddress, headers });
    expect([read.body, write.body === 'written']).toEqual([String(expected), expected]);
    await server.close();
  });
});

import type { FastifyRequest } from 'fastify';
import { isRecordWrite } from '../request/methods.js';
import { Refusal } from '../problems/refusal.js';

const A_LOOPBACK_ADDRESS = /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$|^::1$/;

/** True for an address of this machine itself. */
export const isLoopback = (address: string | undefined): boolean =>
  address !== undefined && A_LOOPBACK_ADDRESS.test(address);

/** Refuses writes of a peer on another machine, judged only by the address from which its packets come. */
export function refuseRemoteWrites(request: FastifyRequest): void {
  if (!isRecordWrite(request) || isLocal(request)) return;
  throw new Refusal('writes-closed', {
    detail: 'This server accepts writes over the loopback interface only. Write from the machine on which it runs.',
  });
}

/** True for a request from this machine. */
export const isLocal = ({ socket }: Pick<FastifyRequest, 'socket'>): boolean => isLoopback(socket.remoteAddress);

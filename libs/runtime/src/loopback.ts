import { isIPv6 } from 'node:net';

const A_LOOPBACK_ADDRESS = /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$|^::1$/i;

/** True for an address of this machine itself. */
export const isLoopback = (address: string | undefined): boolean =>
  address !== undefined && A_LOOPBACK_ADDRESS.test(address);

/** Names under which programs on this machine reach a server here. */
export const LOCAL_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** The host of a `Host` header, without its port and in lower case. */
export const bareHost = (header: string): string => header.replace(/:\d*$/, '').toLowerCase();

/** An address to listen on as addresses and `Host` headers write it: IPv6 in brackets. */
export const hostInAddress = (host: string): string => (isIPv6(host) ? `[${host}]` : host).toLowerCase();

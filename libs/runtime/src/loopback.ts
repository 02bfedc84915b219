const A_LOOPBACK_ADDRESS = /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$|^::1$/i;

/** True for an address of this machine itself. */
export const isLoopback = (address: string | undefined): boolean =>
  address !== undefined && A_LOOPBACK_ADDRESS.test(address);

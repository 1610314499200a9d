/** The embedded servers guard nothing that matters: they are for this machine alone. */
import { isIP } from 'node:net';

/** All of 127.0.0.0/8 is (RFC 1122, 3.2.1.3): servers that need one port each for themselves take an address each. */
export function isLoopback(host: string): boolean {
  return host === '::1' || host === 'localhost' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** @returns as it stands in an address: IPv6 in brackets */
export function hostInAddress(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

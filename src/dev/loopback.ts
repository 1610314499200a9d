/** The embedded servers have no TLS and guard nothing: they are for this machine alone. */
const loopbackHosts = ['127.0.0.1', '::1', 'localhost'];

export function isLoopback(host: string): boolean {
  return loopbackHosts.includes(host);
}

/** @returns as it stands in an address: IPv6 in brackets */
export function hostInAddress(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

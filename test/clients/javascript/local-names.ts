/** Resolves *.localhost as 127.0.0.1, for this process: many machines do not know names below localhost. TLS still checks the name. */
import dns from 'node:dns';

const lookup = dns.lookup as (host: string, ...more: unknown[]) => void;

Object.assign(dns, {
  lookup: (host: string, ...more: unknown[]) => lookup(host.endsWith('.localhost') ? '127.0.0.1' : host, ...more),
});

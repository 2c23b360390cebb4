import { hostname, networkInterfaces } from 'node:os';

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** Whether only this machine reaches an address. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.includes(host) || host === '::1';
}

/**
 * The names by which a browser may reach the server. Any other name means that a foreign one was made to point here, by
 * which a page of that name would read what this server says.
 */
export function allowedHosts(host: string): ReadonlySet<string> {
  if (isLoopback(host)) return new Set(LOOPBACK);
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  const own = addresses.map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address));
  return new Set([...LOOPBACK, host, hostname().toLowerCase(), ...own]);
}

/** The name in a Host header, without its port; undefined where it is none. */
export function nameOfHost(header: string | undefined): string | undefined {
  const [, name] = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d+)?$/.exec(header?.toLowerCase() ?? '') ?? [];
  return name;
}

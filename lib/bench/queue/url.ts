import { FepError } from '../../errors/fepError';
import { shown } from '../../options/requireArguments';

/**
 * Checks the URL of a queue: `redis://[[user]:password@]host[:port][/database]`, `rediss://` for TLS.
 *
 * @throws FepError `FEP_USAGE`
 */
export function requireQueueUrl(value: unknown): asserts value is string {
  if (typeof value === 'string' && /^rediss?:\/\/[^/]+/.test(value) && URL.canParse(value)) return;
  throw new FepError(
    'FEP_USAGE',
    `The queue is ${shown(value)}; expected the address of a Redis or Valkey.`,
    {
      hint: 'Write it as redis://host:6379/0, or rediss://user:password@host:6379/0 for TLS.',
    },
  );
}

/** The URL with its password masked, for messages. */
export function withoutPassword(url: string): string {
  const parsed = new URL(url);
  if (parsed.password) parsed.password = '***';
  return parsed.href;
}

import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { Refusal } from './problem';

const TYPE = 'application/octet-stream';

/**
 * The body of a request that sends bytes.
 *
 * @throws Refusal 415 for a body of another type, which was decoded already
 */
export function requireBytes({ body, headers }: FastifyRequest): Readable {
  if (body instanceof Readable) return body;
  if (headers['content-type'] === TYPE && headers['content-length'] === '0') return Readable.from([]);
  throw new Refusal(
    415,
    'The request does not send bytes.',
    `Send them with the header content-type: ${TYPE}.`,
  );
}

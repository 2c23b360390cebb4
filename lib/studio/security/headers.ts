import type { FastifyInstance } from 'fastify';

/** What every answer says to the browser: keep nothing, guess nothing, show it in no other page. */
const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
} as const;

/** Of everything but the pages, which say more: nothing may run or load. */
const NOTHING = "default-src 'none'; frame-ancestors 'none'";

/** Of answers that come before any hook. */
export const ALL_HEADERS = { ...HEADERS, 'content-security-policy': NOTHING };

export function addHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', async (_, reply) => {
    reply.headers(ALL_HEADERS);
  });
}

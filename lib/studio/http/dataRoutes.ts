import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { StudioContext } from './context';
import { parseBody } from './parseBody';

/** Samples of one answer. */
const MOST = 200;

const querySchema = z.strictObject({
  set: z.string().min(1).max(200),
  search: z.string().max(200).default(''),
  label: z.string().max(200).default(''),
  from: z.coerce.number().int().min(0).max(100_000_000).default(0),
  count: z.coerce.number().int().min(1).max(MOST).default(50),
});

/**
 *   GET /api/samples?set=NAME&search=WORDS&label=CLASS&from=0&count=50   a part of a data set's list
 */
export function dataRoutes(app: FastifyInstance, { data }: StudioContext): void {
  app.get('/api/samples', async ({ query }) => {
    const { token: _, ...asked } = query as Record<string, unknown>; // which the guard has read
    const { set, ...part } = parseBody(querySchema, asked);
    return data.page(set, part);
  });
}

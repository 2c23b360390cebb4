import type { FastifyInstance } from 'fastify';
import type { StudioContext } from './context';
import { headersOf } from './frames';
import { summaryOf } from './summary';

const BEAT_MS = 15_000;

/**
 *   GET /api/events?page=ID   server-sent events: `run`, a run that has changed. While it is open, the page is there.
 */
export function eventRoutes(app: FastifyInstance, context: StudioContext): void {
  const { queue, presence, runs } = context;

  app.get<{ Querystring: { page?: string } }>('/api/events', async ({ query }, reply) => {
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { ...headersOf(reply), 'content-type': 'text/event-stream' });
    raw.write(': here\n\n');
    const tell = async (id: string) => {
      const record = queue.get(id)?.record ?? (await runs.read(id).catch(() => undefined));
      const event = record ? ['run', summaryOf(id, record, context)] : ['gone', { id }];
      raw.write(`event: ${event[0]}\ndata: ${JSON.stringify(event[1])}\n\n`);
    };
    const deaf = queue.changes.add((id) => void tell(id));
    const leave = query.page === undefined ? undefined : presence.arrive(query.page);
    const beat = setInterval(() => raw.write(': still here\n\n'), BEAT_MS); // so that a lost connection is noticed
    raw.on('close', () => {
      clearInterval(beat);
      deaf();
      leave?.();
    });
  });
}

import type { FastifyInstance } from 'fastify';
import type { StudioContext } from './context';
import { headersOf } from './frames';
import { summaryOf } from './summary';

const BEAT_MS = 15_000;
/** Bytes that may wait for a page. One that takes nothing is let go; when it comes back it asks for all runs. */
const MOST_WAITING = 2 ** 20;

/**
 *   GET /api/events?page=ID   server-sent events: `run`, a run that has changed. While it is open, the page is there.
 */
export function eventRoutes(app: FastifyInstance, context: StudioContext): void {
  const { queue, presence, runs } = context;

  const options = { exposeHeadRoute: false }; // whoever asks for the headers alone would be kept waiting for ever
  app.get<{ Querystring: { page?: string } }>('/api/events', options, async ({ query }, reply) => {
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { ...headersOf(reply), 'content-type': 'text/event-stream' });
    raw.write(': here\n\n');
    const tell = async (id: string) => {
      const record = queue.get(id)?.record ?? (await runs.read(id).catch(() => undefined));
      const event = record ? ['run', summaryOf(id, record, context)] : ['gone', { id }];
      raw.write(`event: ${event[0]}\ndata: ${JSON.stringify(event[1])}\n\n`);
      if (raw.writableLength > MOST_WAITING) raw.destroy();
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

import type { FastifyInstance } from 'fastify';
import { runRequestSchema } from '../runs/record';
import type { StudioContext } from './context';
import { openFrames } from './frames';
import { parseBody } from './parseBody';
import { Refusal } from './problem';
import { summaryOf } from './summary';

interface ById {
  Params: { id: string };
}

/**
 *   POST   /api/jobs             { clip, model, options } → a run that waits or is at work
 *   GET    /api/jobs             those that wait or are at work
 *   GET    /api/jobs/:id/frames  progress and masks as binary frames, until the run ends
 *   POST   /api/jobs/:id/stop    ends it and keeps the mask that is there
 *   DELETE /api/jobs/:id         ends it
 */
export function jobRoutes(app: FastifyInstance, context: StudioContext): void {
  const { queue, runs } = context;

  app.post<{ Querystring: { page?: string } }>('/api/jobs', async ({ body, query }, reply) => {
    const job = await queue.add(parseBody(runRequestSchema, body), query.page);
    return reply.code(201).send(summaryOf(job.id, job.record, context));
  });

  app.get('/api/jobs', async () => queue.all().map(({ id, record }) => summaryOf(id, record, context)));

  app.get<ById>('/api/jobs/:id/frames', { exposeHeadRoute: false }, async ({ params }, reply) => {
    const job = queue.get(params.id);
    if (job) {
      reply.hijack();
      openFrames(job, reply);
      return reply;
    }
    // It may have ended between the page's hearing of it and its asking: then nothing more comes, and nothing is wrong.
    await runs.read(params.id);
    return reply.type('application/octet-stream').send(Buffer.alloc(0));
  });

  app.post<ById>('/api/jobs/:id/stop', async ({ params }, reply) => {
    if (!queue.get(params.id)) throw notAtWork(params.id);
    queue.end(params.id, { keep: true });
    return reply.code(202).send({});
  });

  app.delete<ById>('/api/jobs/:id', async ({ params }, reply) => {
    if (!queue.get(params.id)) throw notAtWork(params.id);
    queue.end(params.id, { keep: false });
    return reply.code(202).send({});
  });
}

function notAtWork(id: string): Refusal {
  return new Refusal(
    404,
    `The run ${JSON.stringify(id.slice(0, 100))} is not at work.`,
    'Look at the list of runs.',
  );
}

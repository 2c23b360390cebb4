import { createReadStream } from 'node:fs';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { LONGEST_TITLE } from '../runs/runTitle';
import type { StudioContext } from './context';
import { parseBody } from './parseBody';
import { Refusal } from './problem';
import { summaryOf } from './summary';

interface ById {
  Params: { id: string };
}

/** The files of a run that the page can have, by their types. */
const FILES = new Map([
  ['report.html', 'text/html; charset=utf-8'],
  ['sheet.png', 'image/png'],
  ['overlay.mp4', 'video/mp4'],
  ['mask.npy', 'application/octet-stream'],
  ['result.json', 'application/json; charset=utf-8'],
  ['thumbnail.webp', 'image/webp'],
]);

const renameSchema = z.strictObject({ title: z.string().trim().min(1).max(LONGEST_TITLE) });

/**
 *   GET    /api/runs                   all runs, the newest first
 *   GET    /api/runs/:id               one
 *   GET    /api/runs/:id/document      what its report shows
 *   GET    /api/runs/:id/spectrum      over which frequencies the energy of its gradient lies
 *   GET    /api/runs/:id/files/:name   a file of it, to save
 *   PATCH  /api/runs/:id               { title }
 *   DELETE /api/runs/:id               …and POST /api/runs/:id/restore brings it back
 */
export function runRoutes(app: FastifyInstance, context: StudioContext): void {
  const { runs, queue, spectra } = context;

  app.get('/api/runs', async () =>
    (await runs.list()).map(({ id, record }) => summaryOf(id, record, context)),
  );

  app.get<ById>('/api/runs/:id', async ({ params: { id } }) => summaryOf(id, await runs.read(id), context));

  app.get<ById>('/api/runs/:id/document', async ({ params: { id } }) => {
    await runs.read(id);
    return runs.document(id);
  });

  app.get<ById>('/api/runs/:id/spectrum', async ({ params: { id } }) => spectra.get(id, await runs.read(id)));

  app.get<{ Params: { id: string; name: string } }>(
    '/api/runs/:id/files/:name',
    async ({ params }, reply) => {
      await runs.read(params.id);
      return sendFile(reply, runs.fileOf(params.id, requireKnown(params.name)), params.name);
    },
  );

  app.patch<ById>('/api/runs/:id', async ({ params: { id }, body }) => {
    const renamed = parseBody(renameSchema, body);
    const job = queue.get(id);
    if (job) await queue.change(job, renamed);
    else await runs.write(id, { ...(await runs.read(id)), ...renamed });
    queue.changes.tell(id);
    return summaryOf(id, await runs.read(id), context);
  });

  app.delete<ById>('/api/runs/:id', async ({ params: { id } }, reply) => {
    if (queue.get(id)) throw new Refusal(409, 'The run is at work.', 'Stop it first.');
    await runs.remove(id);
    queue.changes.tell(id);
    return reply.code(204).send();
  });

  app.post<ById>('/api/runs/:id/restore', async ({ params: { id } }) => {
    await runs.restore(id);
    queue.changes.tell(id);
    return summaryOf(id, await runs.read(id), context);
  });
}

function requireKnown(name: string): string {
  if (FILES.has(name)) return name;
  throw new Refusal(404, 'A run has no such file.', `Ask for one of ${[...FILES.keys()].join(', ')}.`);
}

/** To be saved rather than shown: what a file holds must not run with the rights of the studio's page. */
function sendFile(reply: FastifyReply, path: string, name: string): FastifyReply {
  if (name !== 'thumbnail.webp') reply.header('content-disposition', `attachment; filename="${name}"`);
  return reply.type(FILES.get(name)!).send(createReadStream(path));
}

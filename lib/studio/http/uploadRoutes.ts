import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { StudioContext } from './context';
import { parseBody } from './parseBody';
import { Refusal } from './problem';
import { requireBytes } from './requireBytes';

const beginSchema = z.strictObject({
  kind: z.enum(['clip', 'model']).default('clip'),
  name: z.string().min(1).max(1000),
  size: z.number().int().min(1),
});

/**
 *   POST  /api/uploads       { name, size, kind } → { id, offset: 0, … }
 *   GET   /api/uploads/:id   how many bytes have arrived
 *   PATCH /api/uploads/:id   a piece; the header `upload-offset` says where it begins
 */
export function uploadRoutes(app: FastifyInstance, { uploads, settings }: StudioContext): void {
  app.post('/api/uploads', async (request, reply) => {
    const { kind, name, size } = parseBody(beginSchema, request.body);
    if (kind === 'model' && !settings.allowModelUpload) throw noModels();
    return reply.code(201).send(await uploads.begin(kind, name, size));
  });

  app.get<{ Params: { id: string } }>('/api/uploads/:id', async ({ params }) => uploads.state(params.id));

  app.patch<{ Params: { id: string } }>('/api/uploads/:id', async (request) => {
    const offset = Number(request.headers['upload-offset'] || Number.NaN);
    if (!Number.isSafeInteger(offset))
      throw new Refusal(400, 'The piece does not say where it begins.', 'Add the header upload-offset.');
    return uploads.append(request.params.id, offset, requireBytes(request));
  });

  app.delete<{ Params: { id: string } }>('/api/uploads/:id', async ({ params }, reply) => {
    await uploads.remove(params.id);
    return reply.code(204).send();
  });
}

function noModels(): Refusal {
  return new Refusal(
    403,
    'Model files are programs, and this studio takes none from a page.',
    'Start it with --allow-model-upload if you trust whoever sends them, or with --models FOLDER.',
  );
}

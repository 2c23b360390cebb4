import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { PERTURBATIONS } from '../../methods/perturbation';
import { clipChoiceSchema, clipSourceSchema } from '../clips/clipLibrary';
import type { StudioContext } from './context';
import { parseBody } from './parseBody';
import { Refusal } from './problem';
import { requireBytes } from './requireBytes';

const modelId = z.string().min(1).max(2000);
const askSchema = z.strictObject({ clip: clipChoiceSchema, model: modelId });
const perturbedSchema = askSchema.extend({ perturbation: z.enum(PERTURBATIONS).default('blur') });
const filmstripSchema = z.strictObject({ source: clipSourceSchema, model: modelId });

/** A mask of 64 frames of 512×512. */
const LARGEST_MASK = 64 * 512 * 512;

/**
 *   POST /api/clip                { clip, model } → the clip's frames as the model sees them
 *   POST /api/predict             { clip, model } → what the model says of the clip
 *   POST /api/filmstrip           { source, model } → small pictures of a clip's frames, by the process of the model
 *   POST /api/perturbed?ask=JSON  a mask of T×H×W bytes → what the model says of what it keeps, and what it saw
 */
export function predictRoutes(app: FastifyInstance, context: StudioContext): void {
  const { pool, models, clips, filmstrips } = context;

  for (const call of ['clip', 'predict'] as const)
    app.post(`/api/${call}`, async ({ body }) => {
      const { clip, model } = parseBody(askSchema, body);
      const located = await clips.locateChoice(clip);
      const process = pool.of(await models.locate(model));
      await process.facts;
      return process.ask(call, { clip: located });
    });

  app.post('/api/filmstrip', async ({ body }) => {
    const { source, model } = parseBody(filmstripSchema, body);
    const located = await clips.locate(source);
    const file = await models.locate(model);
    return filmstrips.get(located, (path) => pool.of(file).ask('filmstrip', { path }));
  });

  app.post<{ Querystring: { ask?: string } }>('/api/perturbed', async (request) => {
    const { clip, model, perturbation } = parseBody(perturbedSchema, jsonOf(request.query.ask));
    const body = requireBytes(request);
    const located = await clips.locateChoice(clip);
    const file = await models.locate(model);
    const mask = await collect(body, LARGEST_MASK);
    const process = pool.of(file);
    const { frames, height, width } = await process.facts;
    if (mask.length !== frames * height * width) throw wrongMask(mask.length, [frames, height, width]);
    return process.ask('perturbed', { clip: located, mask, perturbation });
  });
}

function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    throw new Refusal(400, '?ask= is not JSON.', 'Send { clip, model } in it.');
  }
}

async function collect(body: Readable, most: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > most) throw new Refusal(413, `A mask has at most ${most} bytes.`, 'Send one mask of bytes.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function wrongMask(length: number, shape: number[]): Refusal {
  const expected = shape.reduce((product, n) => product * n, 1);
  return new Refusal(
    400,
    `The mask has ${length} bytes; the model's clips have ${shape.join('×')} = ${expected} voxels.`,
    'Send one byte for each voxel.',
  );
}

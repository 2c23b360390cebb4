// An HTTP service that explains uploaded clips.
//
//   GET  /          a page to try it with
//   POST /explain   multipart form: `clip`, a video; optional `method`, `iterations`
//                   answers with server-sent events: `progress`, then `done` (a document for fep-native/viewer) or `failed`
//   GET  /status    how many explanations are running
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import multipart from '@fastify/multipart';
import Fastify from 'fastify';
import { explain, FepError, loadModel, readClip, viewerDocument } from 'fep-native';

const LARGEST_UPLOAD = 200 * 2 ** 20;

/** @returns a Fastify app; closing it frees the model */
export async function createServer({ modelName = 'r2plus1d-mini' } = {}) {
  const model = await loadModel(modelName);
  const app = Fastify({ forceCloseConnections: true });
  await app.register(multipart, { limits: { fileSize: LARGEST_UPLOAD, files: 1 } });
  app.addHook('onClose', () => model.dispose());
  let running = 0;

  app.get('/', (_, reply) => sendFile(reply, new URL('./index.html', import.meta.url), 'text/html'));
  app.get('/viewer.mjs', (_, reply) =>
    sendFile(reply, import.meta.resolve('fep-native/viewer'), 'text/javascript'),
  );
  app.get('/status', () => ({ running }));

  app.post('/explain', async (request, reply) => {
    const upload = await receive(request);
    const stop = new AbortController();
    reply.hijack();
    const events = openEvents(reply.raw, () => stop.abort());
    running++;
    try {
      const { method, iterations } = upload.fields;
      const clip = await readClip(upload.path, model.manifest.input, { signal: stop.signal });
      const explanation = await explain(model, clip, {
        ...(method && { method }),
        ...(iterations && { iterations: Number(iterations) }),
        signal: stop.signal,
        onProgress: ({ iteration, iterations: of }) => events.send('progress', { done: iteration + 1, of }),
      });
      events.send('done', await viewerDocument(model, clip, explanation));
    } catch (error) {
      const {
        code = 'FEP_INTERNAL',
        message,
        hint,
      } = error instanceof FepError ? error : { message: 'failed' };
      events.send('failed', { code, message, hint });
    } finally {
      running--;
      events.end();
      await upload.remove();
    }
  });
  return app;
}

function sendFile(reply, url, type) {
  return reply.type(`${type}; charset=utf-8`).send(createReadStream(fileURLToPath(url)));
}

/** The form's fields, and its file on disk until `remove` is called. */
async function receive(request) {
  const folder = await mkdtemp(join(tmpdir(), 'fep-upload-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const fields = {};
    let path;
    for await (const part of request.parts()) {
      if (part.type === 'field') fields[part.fieldname] = part.value;
      else {
        path = join(folder, basename(part.filename || 'clip'));
        await pipeline(part.file, createWriteStream(path));
      }
    }
    if (path === undefined) throw Object.assign(new Error('The form has no clip.'), { statusCode: 400 });
    return { fields, path, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Server-sent events on a response; `onGone` is called when the client leaves before the end. */
function openEvents(response, onGone) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.flushHeaders();
  response.on('close', () => response.writableFinished || onGone());
  return {
    send(event, data) {
      if (!response.destroyed) response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    end: () => response.end(),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const app = await createServer();
  console.log(await app.listen({ port: Number(process.env.PORT ?? 3000) }));
}

// A service that explains clips: the studio in a program of one's own, and a client that asks it.
//
//   node examples/server/server.mjs                  serves the studio, and prints its address
//   node examples/server/server.mjs ADDRESS CLIP     asks a studio that runs
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createStudio } from 'fep-native/studio';

/** What a clip's explanation by a studio shows, as fep-native/viewer takes it; `onProgress` is told on the way. */
export async function askStudio(address, path, { model, options = {}, onProgress, signal }) {
  const { origin, searchParams } = new URL(address);
  const authorization = `Bearer ${searchParams.get('token')}`;
  const ask = async (method, where, { body, headers = {} } = {}) => {
    const init = { method, headers: { authorization, ...headers }, signal, ...(body && { body }) };
    const response = await fetch(origin + where, init);
    if (!response.ok) throw failure((await response.json()).error);
    return response;
  };
  const send = async (where, value) => {
    const headers = { 'content-type': 'application/json' };
    return (await ask('POST', where, { body: JSON.stringify(value), headers })).json();
  };
  const bytes = await readFile(path);
  const { id } = await send('/api/uploads', { name: basename(path), size: bytes.length });
  const headers = { 'content-type': 'application/octet-stream', 'upload-offset': '0' };
  await ask('PATCH', `/api/uploads/${id}`, { body: bytes, headers });
  const run = await send('/api/jobs', { clip: { source: { kind: 'upload', id } }, model, options });
  const frames = await ask('GET', `/api/jobs/${run.id}/frames`);
  for await (const progress of progressIn(frames.body)) onProgress?.(progress);
  const { problem } = await (await ask('GET', `/api/runs/${run.id}`)).json();
  if (problem) throw failure(problem);
  return (await ask('GET', `/api/runs/${run.id}/document`)).json();
}

function failure({ code, message, hint }) {
  return Object.assign(new Error(message), { code, hint });
}

/** The headers of a run's binary frames; each has a mask behind it, which is passed over here. */
async function* progressIn(body) {
  let rest = Buffer.alloc(0);
  for await (const chunk of body) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 8 && rest.length >= 8 + rest.readUInt32LE(0)) {
      yield JSON.parse(rest.subarray(8, 8 + rest.readUInt32LE(4)));
      rest = rest.subarray(8 + rest.readUInt32LE(0));
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [address, clip] = process.argv.slice(2);
  if (address === undefined)
    console.log((await createStudio({ port: Number(process.env.PORT ?? 3000) })).address);
  else {
    const onProgress = ({ iteration, iterations }) => console.error(`${iteration + 1} / ${iterations}`);
    const { target, mask } = await askStudio(address, clip, { model: 'shipped:r2plus1d-mini', onProgress });
    console.log(
      `${target}: ${mask.probability.original}, on what the mask keeps ${mask.probability.explained}`,
    );
  }
}

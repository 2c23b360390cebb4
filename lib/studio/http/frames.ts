import type { FastifyReply } from 'fastify';
import type { Job, Moment } from '../jobs/job';

/**
 * A frame: its length and that of its header in bytes, both uint32 little endian; the header, a `ProgressFrame` as JSON; the
 * mask of T×H×W bytes, or nothing.
 */
function encode({ progress, mask }: Moment): Buffer {
  const header = Buffer.from(JSON.stringify(progress));
  const sizes = Buffer.alloc(8);
  sizes.writeUInt32LE(header.length + (mask?.length ?? 0), 0);
  sizes.writeUInt32LE(header.length, 4);
  return Buffer.concat([sizes, header, ...(mask ? [mask] : [])]);
}

/** Sends a run's progress until it ends. A page that is slower than the run misses frames, but not the last one. */
export function openFrames(job: Job, reply: FastifyReply): void {
  const { raw } = reply;
  raw.writeHead(200, { ...headersOf(reply), 'content-type': 'application/octet-stream' });
  raw.flushHeaders();
  let missed: Moment | undefined;
  const send = (moment: Moment) => {
    missed = raw.writableNeedDrain ? moment : undefined;
    if (missed === undefined) raw.write(encode(moment));
  };
  raw.on('drain', () => missed && send(missed));
  if (job.latest) send(job.latest);
  const deaf = [job.moments.add(send), job.ends.add(() => raw.end(missed && encode(missed)))];
  raw.on('close', () => {
    for (const forget of deaf) forget();
  });
}

/** The headers that hooks have set, which an answer that is written by hand would lack. */
export function headersOf(reply: FastifyReply): Record<string, string> {
  return Object.fromEntries(Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)]));
}

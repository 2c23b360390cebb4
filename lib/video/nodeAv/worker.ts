import { parentPort } from 'node:worker_threads';
import { FepError, messageOf } from '../../errors/fepError';
import { decodeWithNodeAv } from './decode';
import { encodeWithNodeAv } from './encode';
import { readRate } from './input';
import { JobControl } from './jobControl';
import { loadNodeAv } from './library';
import type { Answer, Job, Order } from './protocol';

/** The thread that runs FFmpeg, whose calls block. */
const port = parentPort!;

port.on('message', async (job: Job) => {
  const control = new JobControl(job.shared);
  const answer = await perform(job.order, control).catch(failure);
  control.finish();
  port.postMessage(answer);
});

async function perform(order: Order, control: JobControl): Promise<Answer> {
  if (control.stopped) throw new FepError('FEP_ABORTED', 'The job was stopped.');
  const ffmpeg = await loadNodeAv().catch((error: unknown) => messageOf(error));
  if (typeof ffmpeg === 'string') return { kind: 'unavailable', message: ffmpeg };
  if (order.kind === 'encode') {
    encodeWithNodeAv(ffmpeg, order.path, order.frames, order.settings, () => control.stopped);
    return { kind: 'encoded' };
  }
  if (order.kind === 'rate') return { kind: 'rate', fps: readRate(ffmpeg, order.path) };
  let sent = 0;
  const summary = decodeWithNodeAv(ffmpeg, order.path, order.selection, {
    emit: (picture, index) => {
      const frame: Answer = { kind: 'frame', picture, index };
      port.postMessage(frame, [picture.data.buffer as ArrayBuffer]);
      control.waitForConsumer(++sent);
    },
    stopped: () => control.stopped,
  });
  return { kind: 'decoded', summary };
}

function failure(error: unknown): Answer {
  const code = error instanceof FepError ? error.code : 'FEP_INTERNAL';
  const hint = error instanceof FepError ? error.hint : undefined;
  return { kind: 'failed', code, message: messageOf(error), hint };
}

import type { ProgressFrame } from '../../../studio/api';

/** A moment of a run: how far it is, and its mask of T×H×W bytes. */
export interface Moment {
  progress: ProgressFrame;
  mask: Uint8Array | null;
}

/** The moments of a run that is at work, until it ends. Those that a page is too slow for may be missing. */
export async function* momentsOf(id: string, signal: AbortSignal): AsyncGenerator<Moment> {
  const response = await fetch(`/api/jobs/${id}/frames`, { signal });
  if (!response.ok || !response.body) return; // it has ended meanwhile
  const reader = response.body.getReader();
  let rest = new Uint8Array();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest = joined(rest, value);
    for (let length = lengthOf(rest); length <= rest.length; length = lengthOf(rest)) {
      yield momentIn(rest.subarray(0, length));
      rest = rest.slice(length);
    }
  }
}

/** Bytes of the first frame, or more than there are. */
function lengthOf(bytes: Uint8Array): number {
  return bytes.length < 8 ? Number.POSITIVE_INFINITY : 8 + sizes(bytes).getUint32(0, true);
}

function momentIn(frame: Uint8Array): Moment {
  const header = sizes(frame).getUint32(4, true);
  const progress = JSON.parse(new TextDecoder().decode(frame.subarray(8, 8 + header))) as ProgressFrame;
  const mask = frame.slice(8 + header);
  return { progress, mask: mask.length > 0 ? mask : null };
}

function sizes(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, 8);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

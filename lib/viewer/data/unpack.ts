import type { FrameSprite, PackedBytes } from '../../report/page/document';

/** Decodes packed bytes. */
export async function unpackBytes({ base64, length }: PackedBytes): Promise<Uint8Array> {
  const packed = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  if (bytes.length !== length) throw new Error(`${bytes.length} bytes instead of ${length}`);
  return bytes;
}

/** Cuts a sprite into its frames. */
export async function unpackFrames(
  { url, columns }: FrameSprite,
  { frames, height, width }: { frames: number; height: number; width: number },
): Promise<ImageBitmap[]> {
  const image = new Image();
  image.src = url;
  await image.decode();
  return Promise.all(
    Array.from({ length: frames }, (_, t) =>
      createImageBitmap(image, (t % columns) * width, Math.floor(t / columns) * height, width, height),
    ),
  );
}

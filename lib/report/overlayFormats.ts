import { FepError } from '../errors/fepError';
import { suggestion } from '../options/suggest';

/** How an overlay animation can be stored; what a file name ends in. */
export const OVERLAY_FORMATS = ['mp4', 'gif', 'webp'] as const;
/** One of `OVERLAY_FORMATS`. */
export type OverlayFormat = (typeof OVERLAY_FORMATS)[number];

/**
 * The formats that were asked for, each once; `mp4` where none was.
 *
 * @throws FepError `FEP_USAGE` for a format that there is not, or an empty list
 */
export function overlayFormats(
  asked: OverlayFormat | readonly OverlayFormat[] = 'mp4',
): [OverlayFormat, ...OverlayFormat[]] {
  const [first, ...others] = new Set([asked].flat());
  const unknown = [first, ...others].find((name) => !OVERLAY_FORMATS.some((format) => format === name));
  if (first !== undefined && unknown === undefined) return [first, ...others];
  const near = suggestion(String(unknown ?? ''), OVERLAY_FORMATS);
  throw new FepError('FEP_USAGE', `An overlay is not written as ${unknown ?? 'nothing'}.`, {
    hint: `${near} Choose from: ${OVERLAY_FORMATS.join(', ')}.`.trimStart(),
  });
}

import { FepError } from '../errors/fepError';
import { suggestion } from '../options/suggest';

/** File formats of an overlay animation, which are also the extensions. */
export const OVERLAY_FORMATS = ['mp4', 'gif', 'webp'] as const;
/** One of `OVERLAY_FORMATS`. */
export type OverlayFormat = (typeof OVERLAY_FORMATS)[number];

/**
 * The requested formats without duplicates; `mp4` by default.
 *
 * @throws FepError `FEP_USAGE` for an unknown format or an empty list
 */
export function overlayFormats(
  requested: OverlayFormat | readonly OverlayFormat[] = 'mp4',
): [OverlayFormat, ...OverlayFormat[]] {
  const [first, ...others] = new Set([requested].flat());
  const unknown = [first, ...others].find((name) => !OVERLAY_FORMATS.some((format) => format === name));
  if (first !== undefined && unknown === undefined) return [first, ...others];
  const near = suggestion(String(unknown ?? ''), OVERLAY_FORMATS);
  throw new FepError(
    'FEP_USAGE',
    unknown === undefined ? 'No overlay format is given.' : `There is no overlay format ${unknown}.`,
    {
      hint: `${near} Choose from: ${OVERLAY_FORMATS.join(', ')}.`.trimStart(),
    },
  );
}

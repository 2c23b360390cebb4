import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../files/atomicFile';
import { OVERLAY_FORMATS, type OverlayFormat } from './overlayFormats';
import { writeOverlayVideos } from './overlayVideo';
import { explanationDocument } from './page/explanationDocument';
import { pageHtml } from './page/pageHtml';
import { writeSheet } from './sheet';
import type { ReportInput } from './types';

/** Paths of the files of a report. */
export interface ReportFiles {
  /** The animation in the first requested format, and in all of them. */
  overlay: string;
  overlays: string[];
  sheet: string;
  report: string;
}

/**
 * Writes `overlay.<format>`, `sheet.png` and `report.html` into a folder, each atomically. Overlays in other formats
 * that an earlier report left there are deleted, as they would show another mask.
 *
 * @throws FepError `FEP_SHAPE`, `FEP_IO`, `FEP_DECODER_MISSING` when a `.mp4` cannot be written
 */
export async function writeReport(
  folder: string,
  input: ReportInput,
  formats: readonly [OverlayFormat, ...OverlayFormat[]] = ['mp4'],
): Promise<ReportFiles> {
  const overlayAs = (format: OverlayFormat) => join(folder, `overlay.${format}`);
  const files: ReportFiles = {
    overlay: overlayAs(formats[0]),
    overlays: formats.map(overlayAs),
    sheet: join(folder, 'sheet.png'),
    report: join(folder, 'report.html'),
  };
  await writeOverlayVideos(files.overlays, input);
  const others = OVERLAY_FORMATS.filter((format) => !formats.includes(format));
  await Promise.all(others.map((format) => rm(overlayAs(format), { force: true })));
  await writeSheet(files.sheet, input);
  const html = pageHtml(`${input.target} · ${input.method}`, await explanationDocument(input));
  await writeAtomically(files.report, (temporary) => writeFile(temporary, html));
  return files;
}

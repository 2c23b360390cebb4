import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../atomicFile';
import { writeOverlayVideo } from './overlayVideo';
import { explanationDocument } from './page/explanationDocument';
import { pageHtml } from './page/pageHtml';
import { writeSheet } from './sheet';
import type { ReportInput } from './types';

/** Where the pictures of an explanation are. */
export interface ReportFiles {
  overlay: string;
  sheet: string;
  report: string;
}

/**
 * Writes `overlay.mp4`, `sheet.png` and `report.html` into a folder, each whole or not at all.
 *
 * @throws FepError `FEP_SHAPE`, `FEP_IO`, `FEP_DECODER_MISSING`
 */
export async function writeReport(folder: string, input: ReportInput): Promise<ReportFiles> {
  const files: ReportFiles = {
    overlay: join(folder, 'overlay.mp4'),
    sheet: join(folder, 'sheet.png'),
    report: join(folder, 'report.html'),
  };
  await writeOverlayVideo(files.overlay, input);
  await writeSheet(files.sheet, input);
  const html = pageHtml(`${input.target} · ${input.method}`, await explanationDocument(input));
  await writeAtomically(files.report, (temporary) => writeFile(temporary, html));
  return files;
}

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../atomicFile';
import { reportHtml } from './html';
import { writeOverlayVideo } from './overlayVideo';
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
  const [overlay, sheet] = await Promise.all([readFile(files.overlay), readFile(files.sheet)]);
  const html = reportHtml(input, { overlay, sheet });
  await writeAtomically(files.report, (temporary) => writeFile(temporary, html));
  return files;
}

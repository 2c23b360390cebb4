import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../files/atomicFile';
import type { AblationData } from './ablationData';
import { writeAblationPage } from './ablationPage';
import { groupsOf } from './groups';
import { type Extras, markdownAblation } from './markdown';
import { type Plane, planeChart } from './planeChart';

/**
 * Writes `ablation.html`, `ablation.md`, the selections as `selection.json` and `per-sample.json`, and Fig. 5 for each
 * model, budget and group of settings as SVG and PNG.
 *
 * @returns the files
 * @throws FepError `FEP_IO`
 */
export async function writeAblation(folder: string, data: AblationData, extras: Extras): Promise<string[]> {
  const files: Record<string, string> = {
    'ablation.md': markdownAblation(data, extras),
    ...(extras.selections.length > 0 && { 'selection.json': json({ selections: extras.selections }) }),
    ...(extras.perSample.length > 0 && { 'per-sample.json': json({ perSample: extras.perSample }) }),
  };
  for (const [name, text] of Object.entries(files)) {
    await writeAtomically(join(folder, name), (temporary) => writeFile(temporary, text));
  }
  const written = Object.keys(files).map((name) => join(folder, name));
  written.unshift(await writeAblationPage(folder, data, extras, planesOf(data)));
  const { dotChart } = await import('../plot/dotChart.mjs');
  const { writeChart } = await import('../plot/writeChart.mjs');
  for (const plane of planesOf(data)) {
    const chart = planeChart(data, plane);
    if (chart.dots.length > 0) {
      written.push(...(await writeChart(join(folder, fileName(plane)), dotChart(chart))));
    }
  }
  return written;
}

function planesOf({ models, areas, settings }: AblationData): Plane[] {
  const groups = groupsOf(settings).filter(({ temporal }) => !temporal);
  return models.flatMap((model) =>
    areas.flatMap((area) =>
      groups.flatMap((group) =>
        (['stc', 'stcAt10'] as const).map((metric) => ({ model, area, group, metric })),
      ),
    ),
  );
}

function fileName({ model, area, group, metric }: Plane): string {
  return `ablation-${metric}-${model.replace(/[^\w.-]+/g, '-')}-${group.slug}-area-${area}`;
}

function json(content: object): string {
  return `${JSON.stringify({ schemaVersion: 1, ...content }, null, 1)}\n`;
}

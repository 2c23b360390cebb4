import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../files/atomicFile';
import { writeAblationPage } from './ablationPage';
import { type Plane, planeChart } from './figure';
import type { Findings } from './findings';
import { type Extras, markdownAblation } from './markdown';

/**
 * Writes `ablation.html`, `ablation.md`, what was selected as `selection.json`, and Fig. 5 for each model, budget and
 * domain as SVG and PNG.
 *
 * @returns the files
 * @throws FepError `FEP_IO`
 */
export async function writeAblation(folder: string, findings: Findings, extras: Extras): Promise<string[]> {
  const files: Record<string, string> = {
    'ablation.md': markdownAblation(findings, extras),
    ...(extras.selections.length > 0 && { 'selection.json': json({ selections: extras.selections }) }),
    ...(extras.perSample.length > 0 && { 'per-sample.json': json({ perSample: extras.perSample }) }),
  };
  for (const [name, text] of Object.entries(files)) {
    await writeAtomically(join(folder, name), (temporary) => writeFile(temporary, text));
  }
  const written = Object.keys(files).map((name) => join(folder, name));
  written.unshift(await writeAblationPage(folder, findings, extras, planesOf(findings)));
  const { dotChart } = await import('../plot/dotChart.mjs');
  const { writeChart } = await import('../plot/writeChart.mjs');
  for (const plane of planesOf(findings)) {
    const chart = planeChart(findings, plane);
    if (chart.dots.length > 0) {
      written.push(...(await writeChart(join(folder, fileName(plane)), dotChart(chart))));
    }
  }
  return written;
}

function planesOf({ models, areas, cells }: Findings): Plane[] {
  const domains = [...new Set(cells.map(({ domain }) => domain))];
  return models.flatMap((model) =>
    areas.flatMap((area) =>
      domains.flatMap((domain) =>
        (['stc', 'stcAt10'] as const).map((metric) => ({ model, area, domain, metric })),
      ),
    ),
  );
}

function fileName({ model, area, domain, metric }: Plane): string {
  return `ablation-${metric}-${model.replace(/[^\w.-]+/g, '-')}-${domain}-area-${area}`;
}

function json(content: object): string {
  return `${JSON.stringify({ schemaVersion: 1, ...content }, null, 1)}\n`;
}

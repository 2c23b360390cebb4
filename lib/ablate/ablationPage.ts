import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { aboutCommands } from '../bench/commandLine';
import { clipDocuments } from '../bench/kept/clipDocuments';
import { keptPageIn, type PageOf } from '../bench/kept/keptPages';
import { versions } from '../binding/versions';
import { describeMetric, METRICS } from '../evaluate/metrics';
import { writeAtomically } from '../files/atomicFile';
import type { AblationDocument } from '../report/page/document';
import { pageHtml } from '../report/page/pageHtml';
import type { AblationData } from './ablationData';
import { describePerSample, describeSelection, type Extras, NOTE } from './markdown';
import { type Plane, planeChart } from './planeChart';

/**
 * Writes `ablation.html`, a page with Fig. 5, all rows and every clip's scores.
 *
 * @throws FepError `FEP_IO`
 */
export async function writeAblationPage(
  folder: string,
  data: AblationData,
  extras: Extras,
  planes: readonly Plane[],
): Promise<string> {
  const path = join(folder, 'ablation.html');
  const html = pageHtml('Ablation of F-EP', ablationDocument(data, extras, planes, keptPageIn(folder)));
  await writeAtomically(path, (temporary) => writeFile(temporary, html));
  return path;
}

/** An ablation as the viewer reads it. */
export function ablationDocument(
  data: AblationData,
  { selections, perSample }: Extras,
  planes: readonly Plane[],
  pageOf: PageOf,
): AblationDocument {
  const { rows, models, areas, records, config } = data;
  const known = METRICS.filter(({ name }) => rows.some(({ metrics }) => metrics[name]!.mean !== null));
  const texts = [...selections.map(describeSelection), ...perSample.map(describePerSample)];
  return {
    kind: 'ablation',
    title: 'Ablation of F-EP: bands and grid',
    notes: [NOTE, ...aboutCommands(config)],
    models: [...models],
    areas: [...areas],
    rows: [...rows],
    versions: versions(),
    metrics: known.map(describeMetric),
    planes: planes
      .map(({ group, ...plane }) => ({
        ...plane,
        where: group.where,
        dots: planeChart(data, { ...plane, group }).dots,
      }))
      .filter(({ dots }) => dots.length > 0),
    clips: clipDocuments(records, config, known, pageOf),
    findings: texts.flatMap((text) => text.split('\n\n').filter((paragraph) => !paragraph.startsWith('|'))),
  };
}

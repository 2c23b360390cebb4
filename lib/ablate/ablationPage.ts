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
import { type Plane, planeChart } from './figure';
import type { Findings } from './findings';
import { describePerSample, describeSelection, type Extras, NOTE } from './markdown';

/**
 * Writes `ablation.html`: Fig. 5, all rows and every clip's scores on one page.
 *
 * @throws FepError `FEP_IO`
 */
export async function writeAblationPage(
  folder: string,
  findings: Findings,
  extras: Extras,
  planes: readonly Plane[],
): Promise<string> {
  const path = join(folder, 'ablation.html');
  const html = pageHtml('Ablation of F-EP', ablationDocument(findings, extras, planes, keptPageIn(folder)));
  await writeAtomically(path, (temporary) => writeFile(temporary, html));
  return path;
}

/** An ablation as the viewer takes it. */
export function ablationDocument(
  findings: Findings,
  { selections, perSample }: Extras,
  planes: readonly Plane[],
  pageOf: PageOf,
): AblationDocument {
  const { rows, models, areas, records, config } = findings;
  const known = METRICS.filter(({ name }) => rows.some(({ metrics }) => metrics[name]!.mean !== null));
  const said = [...selections.map(describeSelection), ...perSample.map(describePerSample)];
  return {
    kind: 'ablation',
    title: 'Ablation of F-EP: r_l and r_h',
    notes: [NOTE, ...aboutCommands(config)],
    models: [...models],
    areas: [...areas],
    rows: [...rows],
    versions: versions(),
    metrics: known.map(describeMetric),
    planes: planes
      .map((plane) => ({ ...plane, dots: planeChart(findings, plane).dots }))
      .filter(({ dots }) => dots.length > 0),
    clips: clipDocuments(records, config, known, pageOf),
    findings: said.flatMap((text) => text.split('\n\n').filter((part) => !part.startsWith('|'))),
  };
}

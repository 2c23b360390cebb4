// The page of `compare` with nine methods, as its test has it: the paper's, and a control.

import { openDataset } from '../../dist/entries/datasets.mjs';
import { compare, comparisonDocument, loadModel } from '../../dist/index.mjs';
import { pageHtml } from '../../dist/report/page/pageHtml.js';
import { NINE_METHODS } from '../../test/helpers/nineMethods.mjs';

/** Enough for masks with edges to outline. */
const ITERATIONS = 60;
const FPS = 60;
const PLACE = /<script type="application\/json" id="fep-document">.*?<\/script>/s;

/** A page whose clip plays at the pace of a screen. */
export async function comparisonPage() {
  const model = await loadModel('r2plus1d-mini');
  try {
    const { samples } = await openDataset('synthetic', { limit: 1 });
    const { clip, boxes } = await samples[0].read(model.manifest.input);
    const subject = { clip, boxes, label: samples[0].label };
    const compared = await compare(model, subject, {
      methods: NINE_METHODS,
      iterations: ITERATIONS,
      curveSteps: 2,
    });
    const document = await comparisonDocument(model, subject, compared);
    return pageHtml('frames', { ...document, clip: { ...document.clip, fps: FPS } });
  } finally {
    model.dispose();
  }
}

/** The same document in the template of another build. */
export function inTemplate(html, template) {
  const [document] = PLACE.exec(html);
  return template.replace(PLACE, () => document);
}

// A gate for continuous integration: explains some clips whose boxes are known, and fails when the explanations leave
// the boxes. A model that has learnt the background, a watermark or the camera's motion does not pass.
//
//   node examples/stc-gate.mjs [--model NAME|FILE] [--data SET] [--clips N] [--iterations N] [--limit SHARE]
//
// Exits with 0 when the mean STC@10 reaches the limit, with 1 when it does not. STC@10 is the share of the boxes that is
// covered by the 10 % of the voxels that count most; chance covers 10 %.
import { parseArgs } from 'node:util';
import { explain, loadModel } from 'fep-native';
import { openDataset } from 'fep-native/datasets';
import { consistencyAtArea } from 'fep-native/metrics';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'r2plus1d-mini' },
    data: { type: 'string', default: 'synthetic' },
    clips: { type: 'string', default: '4' },
    iterations: { type: 'string', default: '100' },
    limit: { type: 'string', default: '0.25' },
  },
});
const limit = Number(values.limit);

const model = await loadModel(values.model);
try {
  const { samples } = await openDataset(values.data, { limit: Number(values.clips) });
  const scores = [];
  for (const sample of samples) {
    const { clip, boxes } = await sample.read(model.manifest.input);
    if (!boxes) continue;
    // The class that the clip shows, whatever the model takes it for.
    const options = { method: 'f-ep', target: sample.label, iterations: Number(values.iterations) };
    const { masks } = await explain(model, clip, options);
    const { recall } = consistencyAtArea(masks[0].mask, boxes, 0.1);
    scores.push(recall);
    console.log(`${sample.id}  ${sample.label}  STC@10 ${(100 * recall).toFixed(1)} %`);
  }
  if (scores.length === 0) throw new Error('No clip has boxes.');
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const passed = mean >= limit;
  console.log(`mean ${(100 * mean).toFixed(1)} %, limit ${100 * limit} %: ${passed ? 'passed' : 'FAILED'}`);
  process.exitCode = passed ? 0 : 1;
} finally {
  model.dispose();
}

// The gradient that is explained is the file's own: that of torch.autograd.grad of the same file in Python, whatever its
// author kept from being differentiated. And an error inside a model is a message, in whatever form it is computed.
import test from 'ava';
import { explain } from 'fep-native';
import { makeFieldModels, meanMagnitude, summedContribution } from './helpers/fieldModels.mjs';
import { difference, softmax } from './helpers/golden.mjs';

const models = makeFieldModels(test);

/** Largest difference as a share of the largest expected value. */
function departure(found, expected) {
  return difference(found, expected).maximum / expected.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}

const OWN_GRADIENT = [
  'plain',
  'part_detached',
  'straight_through',
  'detached_deep',
  'no_grad_part',
  'no_grad_lists',
  'no_grad_passes',
  'forked',
  'one_frame',
  'more_arguments',
  'recurrent',
  'hidden',
  'chosen',
  'writes_to_input',
  'traced_plain',
  'traced_part_detached',
  'traced_straight_through',
  'traced_detached_deep',
];

for (const name of OWN_GRADIENT) {
  test.serial(`${name}: answer and gradient are those of the file in Python`, async (t) => {
    const model = await models.load(t, name);
    const clip = await models.clip();
    t.is(model.check.gradient, 'reaches');
    t.true(difference(await model.predict(clip), softmax(models.answer(name))).maximum < 1e-6);
    const truth = await models.gradient(name);
    const map = async (method, options) =>
      (await explain(model, clip, { method, target: 0, ...options })).masks[0].attribution;
    t.true(departure(await map('gradients'), meanMagnitude(truth)) < 1e-5, 'gradients');
    const contribution = summedContribution(clip.data, truth);
    t.true(departure(await map('input-x-gradient'), contribution) < 1e-5, 'input × gradient');
    // Noise of no size: its mean is the gradient itself.
    const still = await map('smoothgrad', { samples: 2, noise: 1e-12 });
    t.true(departure(still, meanMagnitude(truth)) < 1e-4, 'SmoothGrad');
  });
}

test.serial('in every form of a model, too', async (t) => {
  const clip = await models.clip();
  const truth = meanMagnitude(await models.gradient('part_detached'));
  const forms = [
    { foldBatchNorm: true },
    { memoryFormat: 'channels-last', winograd: true },
    { optimiseGraph: true },
    { tune: true },
  ];
  for (const form of forms) {
    const model = await models.load(t, 'part_detached', form);
    for (let run = 0; run < 3; run++) {
      // The profiling executor makes its graph anew in the second run.
      const { masks } = await explain(model, clip, { method: 'gradients', target: 0 });
      t.true(departure(masks[0].attribution, truth) < 1e-4, JSON.stringify(form));
    }
  }
});

for (const [name, kind] of [
  ['detached', 'missing'],
  ['no_grad', 'missing'],
  ['rounded', 'zero'],
]) {
  test.serial(`${name}: no gradient reaches the clip, and methods that follow it are refused`, async (t) => {
    const model = await models.load(t, name);
    const clip = await models.clip();
    t.is(model.check.gradient, kind);
    for (const method of ['f-ep', 'ep', 'step', 'gradients', 'integrated-gradients', 'smoothgrad']) {
      const error = await t.throwsAsync(explain(model, clip, { method }), { code: 'FEP_MODEL_GRADIENT' });
      t.regex(error.message, /no gradient reaches the clip/);
      t.regex(error.hint, /rise/);
    }
    const { masks, target } = await explain(model, clip, { method: 'rise', samples: 16 });
    t.true(Math.abs(target.probability - Math.max(...softmax(models.answer(name)))) < 1e-6);
    t.true(masks[0].attribution.every(Number.isFinite));
    // The form does not matter where there is no gradient to compare.
    await models.load(t, name, { foldBatchNorm: true });
    await models.load(t, name, { tune: true });
  });
}

const FORMS = [
  {},
  { foldBatchNorm: true },
  { memoryFormat: 'channels-last' },
  { foldBatchNorm: true, memoryFormat: 'channels-last', winograd: true },
  { optimiseGraph: true },
  { tune: true },
  { precision: 'bfloat16' },
  { precision: 'bfloat16', foldBatchNorm: true, optimiseGraph: true },
];

/** Runs what may fail; the error, or undefined. */
const failure = (promise) =>
  promise.then(
    () => undefined,
    (error) => error,
  );

function isPlain(t, error, what) {
  t.is(error.name, 'FepError', what);
  t.notRegex(
    `${error.message} ${error.hint}`,
    /INTERNAL ASSERT|please report|frame #|Traceback|0x[0-9a-f]{6}|\n.*File "/i,
    what,
  );
}

test.serial(
  'an error in the first pass of several clips, three submodules deep: one by one, in every form',
  async (t) => {
    const clip = await models.clip();
    for (const name of ['throws', 'views', 'greedy', 'one_frame']) {
      for (const form of FORMS) {
        const what = `${name} ${JSON.stringify(form)}`;
        const model = await models.load(t, name, form);
        t.is(model.check.batch, 'fails', what);
        t.true(
          model.warnings.some((warning) => warning.includes('one clip at a time')),
          what,
        );
        for (const options of [
          { method: 'rise', samples: 16 },
          { method: 'ep', iterations: 2, area: [0.1, 0.3] },
        ]) {
          const { predicted } = await explain(model, clip, options);
          const tolerance = form.precision ? 5e-2 : 1e-5;
          t.true(
            Math.abs(predicted.probability - Math.max(...softmax(models.answer(name)))) < tolerance,
            what,
          );
        }
      }
    }
  },
);

test.serial('an error in a later iteration, in every form', async (t) => {
  const clip = await models.clip();
  for (const form of FORMS) {
    const what = JSON.stringify(form);
    const model = await failure(models.load(t, 'late', form));
    const error =
      model instanceof Error ? model : await failure(explain(model, clip, { method: 'ep', iterations: 20 }));
    if (error === undefined) continue;
    isPlain(t, error, what);
  }
  const model = await models.load(t, 'late');
  const error = await t.throwsAsync(explain(model, clip, { method: 'ep', iterations: 20 }), {
    code: 'FEP_MODEL_RUN',
  });
  t.regex(error.message, /too blurred/);
});

test.serial('an error in the backward pass, in every form', async (t) => {
  const clip = await models.clip();
  for (const form of FORMS) {
    const what = JSON.stringify(form);
    const model = await models.load(t, 'spoils', form);
    t.is(model.check.gradient, 'fails', what);
    const error = await failure(explain(model, clip, { method: 'ep', iterations: 2 }));
    t.is(error.code, 'FEP_MODEL_GRADIENT', what);
    isPlain(t, error, what);
    t.regex(error.message, /modified by an inplace operation/, what);
    await t.notThrowsAsync(explain(model, clip, { method: 'rise', samples: 8 }), what);
  }
});

test.serial('operators that lack bfloat16, or want one format, get what they take', async (t) => {
  const clip = await models.clip();
  const gradient = async (precision) => {
    const model = await models.load(t, 'mixed_numbers', { precision });
    const { masks } = await explain(model, clip, { method: 'gradients', target: 1 });
    return { answer: await model.predict(clip), map: masks[0].attribution };
  };
  const [exact, rounded] = [await gradient('float32'), await gradient('bfloat16')];
  t.true(difference(rounded.answer, exact.answer).maximum < 0.02, 'eight bits of a mantissa');
  const squares = (map, other) => map.reduce((sum, value, i) => sum + (value - (other?.[i] ?? 0)) ** 2, 0);
  const share = Math.sqrt(squares(rounded.map, exact.map) / squares(exact.map));
  t.true(share > 1e-4 && share < 0.3, `of random weights: ${share}`);
  const tokens = { grid: [4, 4, 4] };
  const model = await models.load(t, 'mixed_numbers', { precision: 'bfloat16', tokens });
  for (const method of ['grad-cam', 'attention-rollout']) {
    const { masks } = await explain(model, clip, { method });
    t.true(
      masks[0].attribution.some((value) => value > 0),
      method,
    );
  }
});

test.serial('a model that does not run in bfloat16 says why', async (t) => {
  const clip = await models.clip();
  for (const form of [{}, { foldBatchNorm: true }, { optimiseGraph: true }, { tune: true }]) {
    const run = async () => {
      const model = await models.load(t, 'float32_only', { precision: 'bfloat16', ...form });
      await explain(model, clip, { method: 'ep', iterations: 2 });
    };
    const error = await failure(run());
    isPlain(t, error, JSON.stringify(form));
    t.regex(error.message, /^This model cannot run in bfloat16: .*dtype/, JSON.stringify(form));
  }
  const model = await models.load(t, 'float32_only');
  await t.notThrowsAsync(explain(model, clip, { method: 'ep', iterations: 2 }));
});

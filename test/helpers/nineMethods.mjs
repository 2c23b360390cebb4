/** The paper's methods and a control: nine, as in its Fig. 6. */
export const NINE_METHODS = [
  'gradients',
  'integrated-gradients@integration-steps=4',
  'smoothgrad@samples=4',
  'grad-cam',
  'grad-cam-plus-plus',
  'ep',
  'step',
  'f-ep',
  'center',
];

/** Methods that optimise a mask of a given area. */
export const MASK_METHODS = ['f-ep', 'ep', 'ep-2d', 'step', 'torchray'] as const;
/** A method that optimises masks. */
export type MaskMethod = (typeof MASK_METHODS)[number];

/** Methods that say of every voxel how much it counts, and controls that know nothing of the model. */
export const SALIENCY_METHODS = [
  'gradients',
  'input-x-gradient',
  'integrated-gradients',
  'smoothgrad',
  'smoothgrad-squared',
  'smoothgrad-variance',
  'grad-cam',
  'grad-cam-plus-plus',
  'rise',
  'random',
  'center',
] as const;
/** A method that makes a map, or a control. */
export type SaliencyMethod = (typeof SALIENCY_METHODS)[number];

/** Every method of explanation. */
export const METHODS = [...MASK_METHODS, ...SALIENCY_METHODS] as const;
/** A method of explanation. */
export type Method = (typeof METHODS)[number];

/** Whether a method looks for masks of given areas, one for each; the others make one map. */
export function isMaskMethod(method: Method): method is MaskMethod {
  return (MASK_METHODS as readonly Method[]).includes(method);
}

/** How people write them. */
export const METHOD_LABELS: Record<Method, string> = {
  'f-ep': 'F-EP',
  ep: '3D-EP',
  'ep-2d': '2D-EP',
  step: 'STEP',
  torchray: 'EP (TorchRay)',
  gradients: 'Gradients',
  'input-x-gradient': 'Input×Gradient',
  'integrated-gradients': 'Integrated Gradients',
  smoothgrad: 'SmoothGrad',
  'smoothgrad-squared': 'SmoothGrad²',
  'smoothgrad-variance': 'VarGrad',
  'grad-cam': 'Grad-CAM',
  'grad-cam-plus-plus': 'Grad-CAM++',
  rise: 'RISE',
  random: 'Random',
  center: 'Center',
};

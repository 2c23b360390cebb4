import { requireObject } from '../options/requireArguments';
import type { ModelInput, Resize, Sampling } from './manifest';

/** Overrides of a manifest's input. Omitted fields stay as the manifest has them. */
export interface InputOverrides extends Partial<Omit<ModelInput, 'sampling' | 'resize'>> {
  /** Replaces the manifest's sampling as a whole. */
  sampling?: Sampling;
  /** Without a `mode`, the manifest's mode and size are kept; without filter options, its filter is kept. */
  resize?: Resize | ResizeFilter;
}

/** The interpolation filter of a resize, independent of the target size. */
export interface ResizeFilter {
  /** Whether a new pixel averages all pixels under it; default true. */
  antialias?: boolean | undefined;
  /** Default bilinear. */
  interpolation?: 'bilinear' | 'bicubic' | undefined;
}

/** Applies the overrides to a manifest's input, which may be partial; the result is not validated. */
export function overrideInput(base: Partial<ModelInput>, overrides: InputOverrides = {}): object {
  requireObject(overrides, 'input');
  const { resize } = overrides;
  if (typeof resize !== 'object' || resize === null) return { ...base, ...overrides };
  return { ...base, ...overrides, resize: overrideResize(base.resize ?? { mode: 'stretch' }, resize) };
}

function overrideResize(base: Resize, resize: Resize | ResizeFilter): object {
  const { antialias, interpolation } = base;
  return 'mode' in resize ? { antialias, interpolation, ...resize } : { ...base, ...resize };
}

import { requireObject } from '../options/requireArguments';
import type { ModelInput, Resize, Sampling } from './manifest';

/** What to know better than a manifest's input. What is left out stays as the manifest says. */
export interface InputOverrides extends Partial<Omit<ModelInput, 'sampling' | 'resize'>> {
  /** Takes the place of the manifest's as a whole. */
  sampling?: Sampling;
  /** Without a `mode`, the frames' size stays as the manifest says, and without a filter the filter does. */
  resize?: Resize | ResizeFilter;
}

/** How new pixels are made of old ones, whatever size they get. */
export interface ResizeFilter {
  /** Whether all pixels under a new one are averaged; default true. */
  antialias?: boolean | undefined;
  /** Default bilinear. */
  interpolation?: 'bilinear' | 'bicubic' | undefined;
}

/** A manifest's input, or what is known of one, with the overrides in place; not checked. */
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

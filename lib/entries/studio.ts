/**
 * fep-native/studio: the page where clips are explained by hand, served by a program of one's own.
 */
export type { StudioOptions } from '../studio/options';
export { createStudio, type Studio } from '../studio/studio';

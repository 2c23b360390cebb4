import type { Rgb } from './canvas';

/** Hues of the two ends in OKLab, in degrees: a blue and a vermilion that the colour-blind can distinguish. */
const BLUE = 258;
const RED = 38;
const CHROMA = 0.155;
/** Lightness of the middle and of the ends. */
const LIGHT = 0.97;
const DARK = 0.36;

/**
 * A colour map for signed values: 256 RGB colours from −1 (blue) through 0 (nearly white) to 1 (red).
 *
 * Both arms darken linearly in OKLab lightness (B. Ottosson, 2020), so that equal steps look equal, both signs carry
 * the same weight, and the magnitude stays visible in greyscale.
 */
export function divergingColormap(): Uint8Array {
  const colours = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i++) colours.set(colourAt((2 * i) / 255 - 1), i * 3);
  return colours;
}

function colourAt(value: number): Rgb {
  const size = Math.abs(value);
  const hue = ((value < 0 ? BLUE : RED) * Math.PI) / 180;
  const chroma = CHROMA * (1 - (1 - size) ** 2);
  return oklabToRgb(LIGHT + (DARK - LIGHT) * size, chroma * Math.cos(hue), chroma * Math.sin(hue));
}

/** The conversion that defines OKLab. Out-of-gamut colours are clipped. */
function oklabToRgb(lightness: number, a: number, b: number): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    toByte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    toByte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    toByte(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function toByte(linear: number): number {
  const light = Math.min(Math.max(linear, 0), 1);
  const encoded = light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
  return Math.round(255 * encoded);
}

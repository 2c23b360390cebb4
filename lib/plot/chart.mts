import { type PlotOptions, plot } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import sharp from 'sharp';
import { renderText } from '../report/text.js';

/** Colours that the colour-blind can distinguish (M. Okabe and K. Ito, 2008), then darker shades of the same hues. */
const COLOURS = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#e69f00',
  '#56b4e9',
  '#000000',
  '#00446b',
  '#803800',
  '#005f45',
  '#7a4864',
  '#8a5f00',
  '#34698c',
  '#999999',
] as const;

/** The colour of the i-th of several curves. */
export function curveColour(i: number): string {
  return COLOURS[i % COLOURS.length]!;
}

/** Style shared by all charts. */
const STYLE = {
  fontFamily: "'Open Sans', system-ui, sans-serif",
  fontSize: '13px',
  background: 'white',
  color: '#181a1f',
};

/**
 * Draws a chart as a stand-alone SVG. The same options give the same bytes.
 *
 * @param options Observable Plot options without document and style; `clip` would generate different ids each time
 */
export function drawChart(options: PlotOptions): string {
  const { document } = parseHTML('<html></html>');
  const chart = plot({ ...options, document, style: STYLE });
  chart.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return `${chart.outerHTML}\n`;
}

/** A chart inside a larger picture, with its top left corner at (left, top). */
export interface Panel {
  left: number;
  top: number;
  options: PlotOptions;
}

/** Margin around the panels of a picture, in pixels. */
const BORDER = 16;

const SVG = 'http://www.w3.org/2000/svg';
const ROOT_ATTRIBUTES = ['width', 'height', 'viewBox'];

/** Draws several charts into one stand-alone SVG. The same panels give the same bytes. */
export function drawPanels(inner: { width: number; height: number }, panels: readonly Panel[]): string {
  const [width, height] = [inner.width + 2 * BORDER, inner.height + 2 * BORDER];
  const { document } = parseHTML('<html></html>');
  const picture = document.createElementNS(SVG, 'svg');
  const whole = { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}`, style: 'background: white' };
  for (const [name, value] of Object.entries(whole)) picture.setAttribute(name, String(value));
  for (const { left, top, options } of panels) {
    const chart = plot({ ...options, document, style: STYLE });
    const group = document.createElementNS(SVG, 'g');
    for (const name of chart.getAttributeNames())
      if (!ROOT_ATTRIBUTES.includes(name)) group.setAttribute(name, chart.getAttribute(name)!);
    group.setAttribute('transform', `translate(${left + BORDER},${top + BORDER})`);
    group.append(...chart.childNodes);
    picture.append(group);
  }
  return `${picture.outerHTML}\n`;
}

/** DPI of the PNG: twice the SVG's size in pixels, for high-density screens. */
const DENSITY = 144;

/** Renders an SVG chart as PNG. */
export async function chartToPng(svg: string): Promise<Buffer> {
  // Rendering text registers the packaged font with the SVG renderer; a bare system has no fonts.
  await renderText('Open Sans', { size: 13, colour: [0, 0, 0] });
  return sharp(Buffer.from(svg), { density: DENSITY }).png().toBuffer();
}

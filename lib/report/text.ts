import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { Rgb, Sprite } from './canvas';
import { escapeHtml } from './escape';

export interface TextStyle {
  /** Font size in pixels. */
  size: number;
  colour: Rgb;
  bold?: boolean;
  /** Wider text is truncated with an ellipsis. */
  maxWidth?: number;
}

const FONT_PACKAGE = '@expo-google-fonts/open-sans/package.json';
const FONTS = {
  regular: { family: 'Open Sans', file: '400Regular/OpenSans_400Regular.ttf' },
  bold: { family: 'Open Sans SemiBold', file: '600SemiBold/OpenSans_600SemiBold.ttf' },
};

/**
 * Renders one line of text as RGBA pixels, in Open Sans from its npm package, as a bare system has no fonts. Missing
 * glyphs come from the system's fonts, if any.
 */
export async function renderText(text: string, style: TextStyle): Promise<Sprite> {
  let shown = oneLine(text);
  for (;;) {
    const sprite = await draw(shown, style);
    const { maxWidth = Number.POSITIVE_INFINITY } = style;
    if (sprite.width <= maxWidth || shown.length <= 2) return sprite;
    const keep = Math.min(Math.floor((shown.length * maxWidth) / sprite.width), shown.length - 2);
    shown = `${shown.slice(0, Math.max(keep, 1)).trimEnd()}…`;
  }
}

/** Invisible letters that give all lines of one font size the same height. */
const STRUT = '<span alpha="1">Åg</span>';

async function draw(text: string, { size, colour, bold }: TextStyle): Promise<Sprite> {
  const font = bold ? FONTS.bold : FONTS.regular;
  const hex = colour.map((c) => c.toString(16).padStart(2, '0')).join('');
  const { data, info } = await sharp({
    text: {
      text: `<span foreground="#${hex}">${escapeHtml(text)}</span>${STRUT}`,
      font: `${font.family} ${size}px`,
      fontfile: join(dirname(require.resolve(FONT_PACKAGE)), font.file),
      rgba: true,
      dpi: 72,
    },
  })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return withoutStrut({ data, height: info.height, width: info.width });
}

/** Crops the invisible columns on the right. */
function withoutStrut({ data, height, width }: Sprite): Sprite {
  const visible = (x: number) => {
    for (let y = 0; y < height; y++) if (data[(y * width + x) * 4 + 3]! > 2) return true;
    return false;
  };
  let columns = width;
  while (columns > 1 && !visible(columns - 1)) columns--;
  const cut = new Uint8Array(height * columns * 4);
  for (let y = 0; y < height; y++)
    cut.set(data.subarray(y * width * 4, (y * width + columns) * 4), y * columns * 4);
  return { data: cut, height, width: columns };
}

/** Pango rejects empty text and breaks lines at control characters. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are removed
  const line = text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
  return line === '' ? ' ' : line;
}

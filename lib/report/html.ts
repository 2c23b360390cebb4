import { basename } from 'node:path';
import { energyChart } from './energyChart';
import { escapeHtml } from './escape';
import { percent } from './numbers';
import { STYLE } from './style';
import type { ReportInput } from './types';

/** The pictures a report shows. */
export interface ReportMedia {
  /** The overlay video, H.264 MP4. */
  overlay: Uint8Array;
  /** The contact sheet, PNG. */
  sheet: Uint8Array;
}

/** Nothing may be fetched: the page holds all it shows. */
const POLICY = "default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'";

/** The report as one HTML file that opens from disk, without a single request. */
export function reportHtml(input: ReportInput, media: ReportMedia): string {
  const { target, method, model, clip } = input;
  const [name, by] = [escapeHtml(target), escapeHtml(method)];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${name} · ${by}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${name}</h1>
<p class="lead">What ${escapeHtml(model)} looks at in ${escapeHtml(basename(clip.source))}, by ${by}</p>
${facts(input)}
${clip.warnings.map((warning) => `<p class="warning">${escapeHtml(warning)}</p>`).join('\n')}
<figure>
<video controls autoplay loop muted playsinline src="${dataUri('video/mp4', media.overlay)}"></video>
<figcaption>The clip, its mask (inferno, from 0 to 1, not rescaled) and what the mask keeps.</figcaption>
</figure>
<h2>Frame by frame</h2>
<figure>
<img src="${dataUri('image/png', media.sheet)}" alt="Frames of the clip, their masks, and what the masks keep">
</figure>
${energySection(input)}
<h2>How it was made</h2>
${details('Configuration', input.config)}
${details('Versions', input.versions)}
</main>
</body>
</html>
`;
}

function facts({ probability, predicted, realisedArea, seconds, energy }: ReportInput): string {
  const entries: [string, string, string][] = [
    [
      'Probability, original',
      percent(probability.original),
      predicted ? `predicted: ${predicted.original.name}` : '',
    ],
    [
      'Probability, mask applied',
      percent(probability.explained),
      predicted ? `predicted: ${predicted.explained.name}` : '',
    ],
    ['Realised area', percent(realisedArea), 'of the frames is kept'],
  ];
  if (seconds !== undefined) {
    const iterations = energy.at(-1)?.iteration;
    entries.push([
      'Time',
      `${seconds.toFixed(1)} s`,
      iterations === undefined ? '' : `${iterations} iterations`,
    ]);
  }
  const cells = entries.map(
    ([term, figure, note]) =>
      `<div><dt>${term}</dt><dd>${figure}<small>${escapeHtml(note)}</small></dd></div>`,
  );
  return `<dl class="facts">${cells.join('')}</dl>`;
}

function energySection({ energy }: ReportInput): string {
  const chart = energyChart(energy);
  return chart === '' ? '' : `<h2>Energy</h2>\n${chart}`;
}

function details(title: string, values: Record<string, unknown>): string {
  const json = escapeHtml(JSON.stringify(values, null, 2));
  return `<details><summary>${title}</summary><pre>${json}</pre></details>`;
}

function dataUri(type: string, bytes: Uint8Array): string {
  return `data:${type};base64,${Buffer.from(bytes).toString('base64')}`;
}

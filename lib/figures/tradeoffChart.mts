import { drawPanels } from '../plot/chart.mjs';
import { scatterPanel, shareOf } from '../plot/panels.mjs';
import { percent } from '../report/numbers.js';
import { interpretabilityOf, MATCHED_AREA, type Tradeoff } from './tradeoff.js';

const AXES = {
  recall: { label: `recall of the boxes at ${100 * MATCHED_AREA} % matched area`, tickFormat: shareOf },
  'frame-correlation': {
    label: "correlation of the mask's neighbouring frames",
    tickFormat: (correlation: number) => String(Number(correlation.toPrecision(3))).replace('-', '−'),
  },
};

/** Draws interpretability against faithfulness as SVG. */
export function drawTradeoff(tradeoff: Tradeoff, about: string): string {
  const { points, target, interpretability } = tradeoff;
  const size = { width: 900, height: Math.max(480, 130 + 44 * points.length) };
  const options = scatterPanel({
    title: 'Interpretability against faithfulness',
    subtitle: about,
    ...size,
    x: `probability of "${target.name}" on what the mask keeps`,
    y: AXES[interpretability],
    dots: points.map((point) => ({
      x: point.probability,
      y: interpretabilityOf(point, tradeoff),
      name: point.name,
      note: `${percent(point.probability)}, area ${percent(point.realisedArea)}`,
      control: point.ratios === null,
    })),
  });
  return drawPanels(size, [{ left: 0, top: 0, options }]);
}

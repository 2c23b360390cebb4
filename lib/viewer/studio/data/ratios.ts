import type { FrequencyBands } from '../../../methods/modulation';

const LOW = 'lowRatio';
const HIGH = 'highRatio';

/** The bands that a form asks for: as typed, and where nothing is, those of the run. */
export function bandsOf(typed: Record<string, string>, run: FrequencyBands): FrequencyBands {
  const lowRatio = ratioIn(typed[LOW]) ?? run.lowRatio;
  const highRatio = ratioIn(typed[HIGH]) ?? run.highRatio;
  return {
    lowRatio,
    highRatio,
    temporalLowRatio: ratioIn(typed.temporalLowRatio) ?? lowRatio,
    temporalHighRatio: ratioIn(typed.temporalHighRatio) ?? highRatio,
  };
}

/** What is typed once a ratio is: the other one gives way, since together they are at most 1. */
export function withRatio(
  typed: Record<string, string>,
  name: string,
  value: string,
  run: FrequencyBands,
): Record<string, string> {
  const moved = { ...typed, [name]: value };
  const ratio = ratioIn(value);
  if (ratio === undefined || (name !== LOW && name !== HIGH)) return moved;
  const other = name === LOW ? HIGH : LOW;
  const room = Math.min(bandsOf(typed, run)[other], 1 - ratio);
  return { ...moved, [other]: String(Number(room.toFixed(4))) };
}

function ratioIn(text = ''): number | undefined {
  const ratio = Number(text);
  return text.trim() === '' || !Number.isFinite(ratio) ? undefined : Math.min(Math.max(ratio, 0), 1);
}

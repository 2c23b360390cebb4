import type { MethodInput } from '../evaluate/entry';
import type { AnyOptions } from '../methods/options';
import type { Setting } from './settings';

/** The rows of the bench: on each grid the baselines, then the settings. */
export function methodRows(settings: readonly Setting[], modulate: 'energy' | 'reward'): MethodInput[] {
  const grids = new Map(settings.map(({ baselines, grid }) => [baselines.ep, { baselines, grid }]));
  return [
    ...[...grids.values()].flatMap(({ baselines, grid }): MethodInput[] => [
      { method: 'ep', label: baselines.ep, options: { ...grid } },
      { method: 'step', label: baselines.step, options: { ...grid } },
    ]),
    ...settings.map((setting): MethodInput => {
      const { label, grid, domain } = setting;
      return { method: 'f-ep', label, options: { ...grid, ...bandsOf(setting), domain, modulate } };
    }),
  ];
}

/** A setting's bands as options of `explain`. */
function bandsOf({ lowRatio, highRatio, temporal, course }: Setting): AnyOptions {
  return {
    lowRatio,
    highRatio,
    ...(temporal && { temporalLowRatio: temporal[0], temporalHighRatio: temporal[1] }),
    ...(course === 'constant' && { course }),
    ...(typeof course === 'object' && {
      course: 'coarse-to-fine',
      courseBegin: course[0],
      courseEnd: course[1],
    }),
  };
}

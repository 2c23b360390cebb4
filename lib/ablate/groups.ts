import { describeCourse, describeGrid, type Setting } from './settings';

/** Settings that differ in r_l and r_h only: they share tables and a plane of Fig. 5. */
export interface Group {
  /** As a heading: `on mask, step 7/11, course 0.2/0.7`. */
  where: string;
  /** As a part of a file's name. */
  slug: string;
  /** Whether time has ratios of its own. */
  temporal: boolean;
  settings: Setting[];
}

/** The groups in the order of the settings; grid and course are named where there are several. */
export function groupsOf(settings: readonly Setting[]): Group[] {
  const several = (of: (setting: Setting) => unknown) => new Set(settings.map(of)).size > 1;
  const named = {
    grid: several(({ grid }) => describeGrid(grid)),
    course: several(({ course }) => course && describeCourse(course)),
  };
  const groups = new Map<string, Group>();
  for (const setting of settings) {
    const { domain, grid, course, temporal } = setting;
    const parts = [
      domain,
      ...(named.grid ? [describeGrid(grid)] : []),
      ...(named.course && course ? [describeCourse(course)] : []),
      ...(temporal ? [`r_l/r_h ${temporal.join('/')} along time`] : []),
    ];
    const where = `on ${parts.join(', ')}`;
    const slug = parts.join('-').replace(/[^\w.]+/g, '-');
    const group = groups.get(where) ?? { where, slug, temporal: temporal !== undefined, settings: [] };
    groups.set(where, { ...group, settings: [...group.settings, setting] });
  }
  return [...groups.values()];
}

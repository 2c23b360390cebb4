import type { ComparedDocument } from '../../report/page/document';
import { CurveChart, type NamedCurve } from './CurveChart';

/** Deletion and insertion, a curve for each method; nothing where they were not measured. */
export function WalkCharts({ methods }: { methods: ComparedDocument[] }) {
  const deletion = curvesOf(methods, 'deletion');
  const insertion = curvesOf(methods, 'insertion');
  if (deletion.length === 0) return null;
  return (
    <div class="charts pair">
      <CurveChart
        title="Deletion, lower is better"
        curves={deletion}
        x="voxels deleted, most salient first"
        y="probability"
      />
      <CurveChart
        title="Insertion, higher is better"
        curves={insertion}
        x="voxels inserted, most salient first"
        y="probability"
      />
    </div>
  );
}

function curvesOf(methods: ComparedDocument[], kind: 'deletion' | 'insertion'): NamedCurve[] {
  return methods.flatMap(({ method, control, walks, scores }) => {
    const walk = walks[kind];
    if (!walk) return [];
    const points = walk.map((y, i) => ({ x: i / (walk.length - 1), y }));
    return [{ name: method, note: scores[kind]?.toFixed(3) ?? '', dashed: control, points }];
  });
}

import type { ComparedDocument } from '../../report/page/document';
import { CurveChart, type NamedCurve } from './CurveChart';

/** Deletion and insertion curves, one per method; renders nothing if they were not measured. */
export function DeletionInsertionCharts({ methods }: { methods: ComparedDocument[] }) {
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
    const curve = walks[kind];
    if (!curve) return [];
    const points = curve.map((y, i) => ({ x: i / (curve.length - 1), y }));
    return [{ name: method, note: scores[kind]?.toFixed(3) ?? '', dashed: control, points }];
  });
}

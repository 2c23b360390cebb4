import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { BenchDocument, CurvesDocument } from '../../report/page/document';
import { firstMetric } from '../data/rankClips';
import { Choice } from '../parts/Choice';
import { ClipsTable } from '../parts/ClipsTable';
import { CurveChart } from '../parts/CurveChart';
import { Details } from '../parts/Details';
import { Heading } from '../parts/Heading';
import { IntervalChart } from '../parts/IntervalChart';
import { IntervalTable } from '../parts/IntervalTable';

/** Methods compared on a data set: the tables, Fig. 4, and the scores per clip. */
export function BenchPage({ document }: { document: BenchDocument }) {
  const { models, areas, metrics } = document;
  const model = useSignal(models[0] ?? '');
  const area = useSignal(areas[0] ?? 0);
  const metricName = useSignal(firstMetric(metrics));
  const metric = metrics.find(({ name }) => name === metricName.value) ?? metrics[0];
  const isShown = (one: { model: string; area: number }) =>
    one.model === model.value && one.area === area.value;
  const rows = useMemo(() => document.rows.filter(isShown), [document, model.value, area.value]);
  const clips = useMemo(
    () => document.clips.filter((clip) => clip.model === model.value),
    [document, model.value],
  );
  return (
    <main class="page">
      <Heading title={document.title} lead={document.notes.join(' ')} />
      <div class="choices">
        <Choice title="Model" value={model} options={models.map((name) => ({ value: name, title: name }))} />
        <Choice
          title="Area budget"
          value={area}
          options={areas.map((one) => ({ value: one, title: `${Number((100 * one).toPrecision(6))} %` }))}
        />
      </div>
      <IntervalTable rows={rows} metrics={metrics} />
      <p class="note below">
        All numbers in %, with 95 % bootstrap intervals; best in bold, controls in italics. STC grows with the
        area that a mask opens: compare methods by STC@5, @10 and @20, where each keeps exactly that share of
        the voxels.
      </p>
      <div class="choices">
        <Choice
          title="Metric"
          value={metricName}
          options={metrics.map(({ name, title }) => ({ value: name, title }))}
        />
      </div>
      {metric && (
        <>
          <figure class="panel">
            <figcaption>
              <h2>
                {metric.title}
                {metric.better && `, ${metric.better === 'low' ? 'lower' : 'higher'} is better`}
              </h2>
            </figcaption>
            <IntervalChart rows={rows} metric={metric} />
          </figure>
          <Curves curves={document.curves.filter(isShown)} />
          <h2 class="section">Clip by clip: {metric.title}</h2>
          <ClipsTable clips={clips} rows={rows} area={area.value} metrics={metrics} metric={metric} />
        </>
      )}
      <h2 class="section">How it was made</h2>
      <Details title="Configuration" values={document.config} />
      <Details title="Versions" values={document.versions} />
    </main>
  );
}

const TITLES = { deletion: 'Deletion, lower is better', insertion: 'Insertion, higher is better' };

function Curves({ curves }: { curves: CurvesDocument[] }) {
  if (curves.length === 0) return null;
  return (
    <div class="charts pair">
      {curves.map(({ kind, curves: lines }) => (
        <CurveChart
          key={kind}
          title={TITLES[kind]}
          curves={lines}
          x={`voxels ${kind === 'deletion' ? 'deleted' : 'inserted'}, most salient first`}
          y="probability of the explained class"
        />
      ))}
    </div>
  );
}

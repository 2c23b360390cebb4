import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { AblationDocument } from '../../report/page/document';
import { firstMetric } from '../data/rankClips';
import { Choice } from '../parts/Choice';
import { ClipsTable } from '../parts/ClipsTable';
import { Details } from '../parts/Details';
import { Heading } from '../parts/Heading';
import { IntervalTable } from '../parts/IntervalTable';
import { PlaneChart } from '../parts/PlaneChart';

/** Settings of F-EP's r_l and r_h: Fig. 5, all rows, and the scores per clip. */
export function AblationPage({ document }: { document: AblationDocument }) {
  const { models, areas, metrics, findings } = document;
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
  const planes = useMemo(() => document.planes.filter(isShown), [document, model.value, area.value]);
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
      {findings.map((text) =>
        text.startsWith('## ') ? (
          <h2 key={text} class="section">
            {text.slice(3)}
          </h2>
        ) : (
          <p key={text}>{text}</p>
        ),
      )}
      <div class="charts pair">
        {planes.map((plane) => (
          <PlaneChart key={`${plane.metric} ${plane.where}`} plane={plane} />
        ))}
      </div>
      <h2 class="section">All settings</h2>
      <IntervalTable rows={rows} metrics={metrics} />
      {metric && (
        <>
          <h2 class="section">Clip by clip: {metric.title}</h2>
          <div class="choices">
            <Choice
              title="Metric"
              value={metricName}
              options={metrics.map(({ name, title }) => ({ value: name, title }))}
            />
          </div>
          <ClipsTable clips={clips} rows={rows} area={area.value} metrics={metrics} metric={metric} />
        </>
      )}
      <h2 class="section">How it was made</h2>
      <p>
        The curves of deletion and insertion, and the configuration, are in{' '}
        <a href="bench.html">bench.html</a>.
      </p>
      <Details title="Versions" values={document.versions} />
    </main>
  );
}

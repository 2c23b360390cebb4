import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { AblationDocument } from '../../report/page/document';
import { Choice } from '../parts/Choice';
import { Details } from '../parts/Details';
import { Heading } from '../parts/Heading';
import { IntervalTable } from '../parts/IntervalTable';
import { PlaneChart } from '../parts/PlaneChart';

/** F-EP's r_l and r_h tried out: Fig. 5 and all rows. */
export function AblationPage({ document }: { document: AblationDocument }) {
  const { models, areas, findings } = document;
  const model = useSignal(models[0] ?? '');
  const area = useSignal(areas[0] ?? 0);
  const isShown = (one: { model: string; area: number }) =>
    one.model === model.value && one.area === area.value;
  const rows = useMemo(() => document.rows.filter(isShown), [document, model.value, area.value]);
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
          <PlaneChart key={`${plane.metric} ${plane.domain}`} plane={plane} />
        ))}
      </div>
      <h2 class="section">All settings</h2>
      <IntervalTable rows={rows} metrics={document.metrics} />
      <h2 class="section">How it was made</h2>
      <Details title="Versions" values={document.versions} />
    </main>
  );
}

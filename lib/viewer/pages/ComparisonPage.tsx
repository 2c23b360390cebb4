import { type Signal, useSignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { percent } from '../../report/numbers';
import type { ComparisonDocument } from '../../report/page/document';
import { type LoadedClip, type LoadedMethod, loadClip, loadMask } from '../data/load';
import { type Sorting, sortedBy } from '../data/sorting';
import { DeletionInsertionCharts } from '../parts/DeletionInsertionCharts';
import { Details } from '../parts/Details';
import { Enlarged } from '../parts/Enlarged';
import { Heading } from '../parts/Heading';
import { LookControls } from '../parts/LookControls';
import { MethodCard } from '../parts/MethodCard';
import { Player } from '../parts/Player';
import { ScoreTable } from '../parts/ScoreTable';
import { Transport } from '../parts/Transport';
import { useAutoplay } from '../parts/useAutoplay';
import { useKeyboard } from '../parts/useKeyboard';
import { useLoaded } from '../parts/useLoaded';
import { createLook } from '../state/look';
import { createPlayback } from '../state/playback';

interface ComparisonPageProps {
  document: ComparisonDocument;
  keyboard: 'focus' | 'page';
}

/** What 0 and 1 mean for both kinds of methods. */
const SCALES =
  'Optimised masks are not rescaled. Saliency maps are, over the clip: smallest value 0, 99.9th percentile 1.';

/** All methods on one clip, played in sync. */
export function ComparisonPage({ document, keyboard }: ComparisonPageProps) {
  const { clip, methods, target, model, label, views } = document;
  const sorting = useSignal<Sorting>({ by: null, descending: false });
  const loaded = useLoaded(
    async () => ({
      clip: await loadClip(clip),
      methods: await Promise.all(
        methods.map(async (method) => ({ ...method, loaded: await loadMask(method, clip) })),
      ),
    }),
    document,
  );
  const truth = label === null || label === target ? '' : ` (true class: ${label})`;
  return (
    <main class="page">
      <Heading
        title={target}
        lead={`What ${model} looks at in ${clip.name}, by ${methods.length} methods${views ? ` (${views})` : ''}${truth}`}
        warnings={clip.warnings}
      />
      {loaded === null && <p class="loading">Unpacking the masks …</p>}
      {loaded && 'error' in loaded && <p class="warning">The clip cannot be shown: {loaded.error}</p>}
      {loaded && 'clip' in loaded && (
        <Grid {...loaded} document={document} keyboard={keyboard} sorting={sorting} />
      )}
      <h2 class="section">Scores</h2>
      <ScoreTable methods={methods} metrics={document.metrics} sorting={sorting} />
      <DeletionInsertionCharts methods={methods} />
      <h2 class="section">How it was made</h2>
      <Details
        title="Configuration"
        values={Object.fromEntries(methods.map(({ method, config }) => [method, config]))}
      />
      <Details title="Versions" values={document.versions} />
    </main>
  );
}

interface GridProps extends ComparisonPageProps {
  clip: LoadedClip;
  methods: LoadedMethod[];
  sorting: Signal<Sorting>;
}

function Grid({ document, keyboard, clip, methods, sorting }: GridProps) {
  const root = useRef<HTMLDivElement>(null);
  const playback = useMemo(() => createPlayback(clip.frames, clip.fps), [clip]);
  const look = useMemo(createLook, [clip]);
  const enlarged = useSignal<string | null>(null);
  useKeyboard(root, playback, keyboard);
  useAutoplay(playback);
  const shown = sortedBy(methods, sorting.value);
  const players = { clip, playback, look };
  return (
    <div ref={root}>
      <div class="compare">
        <div>
          <SortChoice document={document} sorting={sorting} />
          <ul class="grid">
            <li class="card still">
              <Player {...players} width={240} mask={null} label={`The clip ${document.clip.name}`} />
              <h3>Clip</h3>
              <p class="figure">{percent(methods[0]?.probability.original ?? 0)}</p>
              <p class="note">probability of {document.target}</p>
            </li>
            {shown.map((method) => (
              <MethodCard
                key={method.method}
                {...players}
                method={method}
                metric={document.metrics.find(({ name }) => name === sorting.value.by)}
                onEnlarge={() => {
                  enlarged.value = method.method;
                }}
              />
            ))}
          </ul>
        </div>
        <LookControls
          look={look}
          hasBoxes={clip.boxes !== null}
          hasPerturbed={methods.every(({ loaded }) => loaded.perturbed !== null)}
          scale={SCALES}
        />
      </div>
      <div class="dock">
        <Transport playback={playback} indices={clip.indices} />
      </div>
      <Enlarged {...players} methods={shown} chosen={enlarged} metrics={document.metrics} />
    </div>
  );
}

function SortChoice({ document, sorting }: { document: ComparisonDocument; sorting: Signal<Sorting> }) {
  return (
    <label class="sort">
      Sort by
      <select
        value={sorting.value.by ?? ''}
        onChange={(event) => {
          const by = event.currentTarget.value || null;
          const metric = document.metrics.find(({ name }) => name === by);
          sorting.value = { by, descending: metric?.better !== 'low' && by !== null };
        }}
      >
        <option value="">order given</option>
        <option value="kept">probability kept</option>
        {document.metrics.map(({ name, title }) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

import type { Signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { percent } from '../../report/numbers';
import type { MetricDocument } from '../../report/page/document';
import type { LoadedClip, LoadedMethod } from '../data/load';
import type { Look } from '../state/look';
import type { Playback } from '../state/playback';
import { ImportanceChart } from './ImportanceChart';
import { formatScore } from './MethodCard';
import { Player } from './Player';
import { Transport } from './Transport';

interface EnlargedProps {
  clip: LoadedClip;
  playback: Playback;
  look: Look;
  methods: LoadedMethod[];
  metrics: MetricDocument[];
  /** Name of the enlarged method; null for none. */
  chosen: Signal<string | null>;
}

/** A dialog that shows one method enlarged, with buttons for the previous and the next one. */
export function Enlarged({ clip, playback, look, methods, metrics, chosen }: EnlargedProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const index = methods.findIndex(({ method }) => method === chosen.value);
  const method = methods[index];
  useEffect(() => {
    if (method && !dialog.current?.open) dialog.current?.showModal();
    if (!method) dialog.current?.close();
  }, [method]);
  const close = () => {
    chosen.value = null;
  };
  const turn = (by: number) => {
    chosen.value = methods[(index + by + methods.length) % methods.length]!.method;
  };
  return (
    <dialog ref={dialog} class="enlarged" onClose={close} aria-label={method?.method ?? ''}>
      {method && (
        <>
          <header>
            <h2>{method.method}</h2>
            <button type="button" onClick={() => turn(-1)} aria-label="Previous method">
              ‹
            </button>
            <button type="button" onClick={() => turn(1)} aria-label="Next method">
              ›
            </button>
            <button type="button" onClick={close} aria-label="Close">
              ✕
            </button>
          </header>
          <div class="body">
            <div class="screens single">
              <Player
                clip={clip}
                playback={playback}
                look={look}
                mask={method.loaded}
                width={560}
                label={`The clip under its mask, by ${method.method}`}
              />
              <Transport playback={playback} indices={clip.indices} />
            </div>
            <dl class="scores">
              <div>
                <dt>Probability kept</dt>
                <dd>{percent(method.probability.explained)}</dd>
              </div>
              {metrics.map(({ name, title }) => (
                <div key={name}>
                  <dt>{title}</dt>
                  <dd>{formatScore(method.scores[name])}</dd>
                </div>
              ))}
            </dl>
          </div>
          <ImportanceChart mask={method.loaded} playback={playback} look={look} />
        </>
      )}
    </dialog>
  );
}

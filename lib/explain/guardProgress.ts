import type { ExplainCallOptions, ExplainProgress } from './types';

/** A callback that throws must stop the run and reach the caller, not the process. */
export function guardProgress<Native>(
  onProgress: ExplainCallOptions['onProgress'],
  signal: AbortSignal | undefined,
  progressOf: (native: Native) => ExplainProgress,
) {
  const stop = new AbortController();
  const watch = {
    signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
    thrown: undefined as unknown,
    report:
      onProgress &&
      ((native: Native) => {
        try {
          onProgress(progressOf(native));
        } catch (error) {
          watch.thrown ??= error;
          stop.abort(error);
        }
      }),
  };
  return watch;
}

import { FepError } from '../errors/fepError';

/** How long an interrupted command may take to tidy up, unless it says otherwise. */
const GRACE_MS = 1500;

/**
 * A signal that fires on Ctrl-C or SIGTERM. The command then stops within one iteration; if something holds it up,
 * or a second Ctrl-C comes, the process ends at once, and what was half written is removed on the way out.
 */
export function interruptSignal(grace = GRACE_MS): AbortSignal {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new FepError('FEP_ABORTED', 'Interrupted.'));
    setTimeout(() => process.exit(130), grace).unref();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return controller.signal;
}

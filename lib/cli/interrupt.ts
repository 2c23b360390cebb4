import { FepError } from '../errors/fepError';

/** Default time that an interrupted command has for cleaning up. */
const GRACE_MS = 1500;

/**
 * A signal that aborts on Ctrl-C or SIGTERM. The command then stops within one iteration. After the grace period, or on
 * a second Ctrl-C, the process exits immediately; temporary files are removed on exit.
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

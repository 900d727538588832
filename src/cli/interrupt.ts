import { discardPending } from '../node/files/output-file.ts';
import { endJobs } from '../node/process/job-process.ts';
import { EXIT } from './exit-codes.ts';

/**
 * Makes Ctrl-C and a polite kill stop the work at the next frame, clean up and end with 130. A second Ctrl-C
 * does not wait for the frame, but still removes what is half-written.
 */
export function stopOnSignals(): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (!controller.signal.aborted) return controller.abort();
    void Promise.all([discardPending(), endJobs()]).finally(() => process.exit(EXIT.interrupted));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  if (process.platform !== 'win32') process.on('SIGHUP', stop);
  return controller.signal;
}

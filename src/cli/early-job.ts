import { refuseCoreDumps } from '../node/process/isolation.ts';
import { memoryShare } from '../node/process/job-crew.ts';
import { JobProcess } from '../node/process/job-process.ts';

// A job process takes as long to start as the command line takes to be read, so it is started first, by the launcher,
// before any package is loaded. What it is started with must not depend on options: where one of these is given, it is
// started later.

export const JOB_MAIN = new URL('./job-main.js', import.meta.url);

const READS_FILES = new Set(['protect', 'strip', 'verify', 'inspect', 'plan', 'review', 'render']);
const DECIDES = /^(--memory|--jobs|-h|--help)\b/;

refuseCoreDumps();

const [, , command, ...rest] = process.argv;
// A review without a plan begins with making one.
const first = command === 'review' && !rest.some((word) => /^--plan\b/.test(word)) ? 'plan' : command;
let started =
  READS_FILES.has(command) && rest.length > 0 && !rest.some((word) => DECIDES.test(word))
    ? JobProcess.start(JOB_MAIN, [first], memoryShare(1))
    : undefined;

/** The process that was started early, once. */
export function takeEarlyJob(): JobProcess | undefined {
  const job = started;
  started = undefined;
  return job;
}

// First: whatever is loaded after this cannot reach the network.
import '../node/process/offline.ts';
import { serveJobs } from '../node/process/serve-jobs.ts';
import { TASKS, warmUp } from '../pipeline/jobs.ts';

// The process that reads files for a command: src/node/process/job-process.ts starts it.

serveJobs(TASKS);
warmUp(process.argv[2]);

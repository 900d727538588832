// First: whatever is loaded after this cannot reach the network.
import '../node/process/offline.ts';
import { serveJobs } from '../node/process/serve-jobs.ts';
import { TASKS, warmUp } from '../pipeline/jobs.ts';
import { PICTURE_TASK, warmUpPictures } from './picture-task.ts';

// The process that reads files for a command: src/node/process/job-process.ts starts it.

const [, , command] = process.argv;
serveJobs({ ...TASKS, ...PICTURE_TASK });
if (command === 'review') warmUpPictures();
else warmUp(command);

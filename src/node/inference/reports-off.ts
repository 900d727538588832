import { isMainThread } from 'node:worker_threads';
import { SayehError } from '../../core/errors.ts';

// Imported for what it does, before onnxruntime, and by whoever starts threads that load it.
//
// From 1.29 on, onnxruntime reports to its makers: it looks up their server's name, sends what was run, and leaves an
// identifier of the machine, and what it could not send, in the user's cache folder. This turns all of it off, if set
// before onnxruntime is loaded (https://github.com/microsoft/onnxruntime/pull/27379). On Windows it sends nothing
// itself, and tells the system's event tracing, which this does not change.
const OFF = 'ORT_DISABLE_TELEMETRY';

if (isMainThread) process.env[OFF] = '1';
else if (process.env[OFF] !== '1') {
  // A thread's environment is a copy; native code reads the process's own.
  throw new SayehError(
    'internal',
    `set ${OFF}=1 for the process before Sayeh is loaded in a thread of its own`,
  );
}

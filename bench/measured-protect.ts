import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Progress } from '../src/pipeline/progress.ts';
import { ROOT } from './places.ts';

// A process of its own that protects one film through the library as built, and says what that took:
//     node measured-protect.js INPUT OUTPUT
// Between the last frame of one phase and the first of the next lies what is done for the film as a whole, tracking
// above all: it is told as a step of its own.

/** Where processor time went, and how much memory was held at most. */
export interface Measured {
  readonly frames: number;
  readonly tracks: number;
  /** Seconds of all threads together. */
  readonly cpuSeconds: number;
  /** Resident set, the most at any time. */
  readonly peakMiB: number;
  /** Processor seconds of every step, in order. */
  readonly steps: readonly { readonly name: string; readonly cpuSeconds: number }[];
}

const [input, output] = process.argv.slice(2);
const built = pathToFileURL(path.join(ROOT, 'dist', 'index.js')).href;
const { protect } = (await import(built)) as typeof import('../src/index.ts');

const steps: { name: string; cpuSeconds: number }[] = [];
let spent = 0;
let latest = 0;
let phase: Progress['phase'] | undefined;
const used = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
const close = (name: string, at: number) => {
  steps.push({ name, cpuSeconds: at - spent });
  spent = at;
};
const { plan } = await protect(input, output, {
  overwrite: true,
  onProgress: (progress) => {
    const now = used();
    if (progress.phase !== phase) {
      if (phase) close(phase, latest);
      close(phase ? `after ${phase}` : 'start', now);
      phase = progress.phase;
    }
    latest = now;
  },
});
if (phase) close(phase, latest);
close('end', used());

const measured: Measured = {
  frames: plan.film.frames,
  tracks: plan.tracks.length,
  cpuSeconds: used(),
  peakMiB: process.resourceUsage().maxRSS / 1024,
  steps,
};
console.log(JSON.stringify(measured));

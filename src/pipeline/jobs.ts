import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { DetectorName } from '../core/detect/catalogue.ts';
import type { GivenLimits } from '../core/limits.ts';
import type { Plan } from '../core/plan/plan.ts';
import { identify } from '../node/files/input-file.ts';
import { type Destination, outputPath, type Source } from '../node/files/output-names.ts';
import { Detectors } from '../node/inference/detectors.ts';
import type { JobContext } from '../node/process/serve-jobs.ts';
import type { AnalyseOptions } from './analyse.ts';
import type { OnProgress } from './progress.ts';
import type { ProtectOptions } from './protect.ts';
import type { RenderOptions } from './render.ts';
import type { WrittenFile } from './report.ts';
import type { writePlan as WritePlan } from './write-plan.ts';

// What a job process can be asked for: the use cases, with plain data in and out. Everything that reads a file that
// somebody else made is here, so that it runs where it can do the least harm.

type Plain<T> = Omit<T, 'signal' | 'onProgress' | 'onNote' | 'detectors'>;

/** How many pictures one process looks at side by side; as many as there are cores where left out. */
interface Share {
  readonly threads?: number | undefined;
}

/** What files may be at most. */
interface Bounds {
  readonly limits?: GivenLimits | undefined;
}

export const TASKS = {
  async protect(
    {
      input,
      output,
      options,
      threads,
    }: { input: string; output: string; options: Plain<ProtectOptions> } & Share,
    context: JobContext,
  ) {
    context.writesIn(path.dirname(output));
    const { protect } = await import('./protect.ts');
    const detectors = detectorsFor(options.detector ?? 'centerface', threads);
    return protect(input, output, { ...options, ...hooks(context), detectors });
  },

  async render(
    {
      input,
      plan,
      output,
      options,
    }: { input: string; plan: Plan; output: string; options: Plain<RenderOptions> },
    context: JobContext,
  ) {
    context.writesIn(path.dirname(output));
    const { render } = await import('./render.ts');
    const detectors = detectorsFor(plan.analysis.detector);
    const { plan: written, ...rest } = await render(input, plan, output, {
      ...options,
      ...hooks(context),
      detectors,
    });
    // A plan may be tens of megabytes, and who asked has it.
    return { ...rest, mended: written === plan ? undefined : written };
  },

  async analyse({ input, options }: { input: string; options: Plain<AnalyseOptions> }, context: JobContext) {
    const { analyse } = await import('./analyse.ts');
    const detectors = detectorsFor(options.detector ?? 'centerface');
    return analyse(input, { ...options, ...hooks(context), detectors });
  },

  async writePlan(
    {
      input,
      output,
      options,
    }: { input: string; output: string; options: Plain<Parameters<typeof WritePlan>[2] & object> },
    context: JobContext,
  ) {
    context.writesIn(path.dirname(output));
    const { writePlan } = await import('./write-plan.ts');
    const detectors = detectorsFor(options.detector ?? 'centerface');
    return writePlan(input, output, { ...options, ...hooks(context), detectors });
  },

  /** Without a destination in the file's own place. */
  async strip(
    {
      source,
      to,
      overwrite,
      limits,
    }: { source: Source; to: Destination | undefined; overwrite: boolean } & Bounds,
    context: JobContext,
  ) {
    const { strip, stripInPlace, strippedExtension } = await import('./strip.ts');
    const { file } = source;
    const { signal } = context;
    if (!to) {
      context.writesIn(path.dirname(await realpath(file)));
      return { output: file, ...(await stripInPlace(file, { limits, signal })) };
    }
    const output = await outputPath(source, await strippedExtension(file, await identify(file)), to);
    context.writesIn(path.dirname(output));
    return { output, ...(await strip(file, output, { overwrite, limits, signal })) };
  },

  async previewStrip({ file, limits }: { file: string } & Bounds, { signal }: JobContext) {
    const { previewStrip } = await import('./strip.ts');
    return previewStrip(file, { limits, signal });
  },

  async verify({ file }: { file: string }, { signal }: JobContext) {
    const { verify } = await import('./verify.ts');
    return verify(file, { signal });
  },

  async lookForFaces(
    { file, against, limits, threads }: { file: string; against: string | undefined } & Bounds & Share,
    context: JobContext,
  ) {
    const { lookForFaces } = await import('./look-for-faces.ts');
    const detectors = detectorsFor('centerface', threads);
    return lookForFaces(file, { against, limits, detectors, ...hooks(context) });
  },

  async compare(
    { file, original, limits }: { file: string; original: string } & Bounds,
    context: JobContext,
  ) {
    const { compare } = await import('./compare.ts');
    return compare(file, original, { limits, ...hooks(context) });
  },

  async inspect({ file, limits }: { file: string } & Bounds) {
    const { inspect } = await import('./inspect.ts');
    return inspect(file, { limits });
  },

  async reportOn(file: WrittenFile) {
    const { reportOn } = await import('./report.ts');
    return reportOn(file);
  },
};

export type Tasks = typeof TASKS;
export type TaskName = keyof Tasks;

const WARM: Readonly<Record<string, () => Promise<unknown>>> = {
  protect: () => import('./protect.ts'),
  render: () => import('./render.ts'),
  plan: () => import('./analyse.ts'),
  strip: () => import('./strip.ts'),
  verify: () => Promise.all([import('./verify.ts'), import('./look-for-faces.ts')]),
  inspect: () => import('./inspect.ts'),
};

/** Loads what a command will need while its parent still finds out what to ask for. */
export function warmUp(command: string | undefined): void {
  // What fails to load is told where it is used.
  if (command !== undefined) WARM[command]?.().catch(() => {});
}

/** Networks stay loaded from one file to the next. */
const loaded = new Map<DetectorName, Detectors>();

function detectorsFor(name: DetectorName, threads?: number): Detectors {
  let detectors = loaded.get(name);
  if (!detectors) {
    detectors = new Detectors(name, threads);
    loaded.set(name, detectors);
  }
  return detectors;
}

const hooks = ({ signal, onProgress, onNote }: JobContext) => ({
  signal,
  onProgress: onProgress as OnProgress,
  onNote,
});

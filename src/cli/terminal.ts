import { SingleBar } from 'cli-progress';
import pc from 'picocolors';
import type { OnProgress, Progress } from '../pipeline/progress.ts';

export type Verbosity = 'quiet' | 'normal' | 'verbose';

const PHASES: Record<Progress['phase'], string> = {
  analyse: 'finding faces',
  'look-again': 'looking again',
  'second-opinion': 'asking a second network',
  render: 'covering',
  check: 'checking',
};

/** Plain lines are written at most this often, so that a log stays readable. */
const LINE_EVERY_MS = 5000;

/**
 * What a person sees: results on standard output, everything else (progress, warnings, errors) on standard
 * error, so that output can be piped.
 */
export class Terminal {
  readonly verbosity: Verbosity;
  readonly json: boolean;
  /** Several files are worked on at once. */
  readonly #several: boolean;
  #bar: SingleBar | undefined;
  #phase: Progress['phase'] | undefined;
  #lastLine = 0;

  constructor(options: { verbosity: Verbosity; json: boolean; several?: boolean }) {
    this.#several = options.several ?? false;
    this.verbosity = options.verbosity;
    this.json = options.json;
  }

  /** A result line for people; silent with --json or --quiet. */
  say(line: string): void {
    if (this.json || this.verbosity === 'quiet') return;
    this.endProgress();
    process.stdout.write(`${line}\n`);
  }

  /** One JSON object on one line; silent without --json. */
  record(value: unknown): void {
    if (this.json) process.stdout.write(`${JSON.stringify(value)}\n`);
  }

  warn(line: string): void {
    if (this.verbosity === 'quiet') return;
    this.endProgress();
    process.stderr.write(`${pc.yellow('note')} ${line}\n`);
  }

  /** Errors are shown even with --quiet; the cause's own words only with --verbose, since they may hold paths. */
  error(line: string, cause?: unknown): void {
    this.endProgress();
    process.stderr.write(`${pc.red('error')} ${line}\n`);
    if (this.verbosity !== 'verbose') return;
    for (let inner = cause; inner instanceof Error; inner = inner.cause)
      process.stderr.write(`  ${inner.stack}\n`);
  }

  /** A bar on a terminal; plain lines elsewhere. Nothing of one file where several are at it: see `filesDone`. */
  progress(name: string): OnProgress {
    if (this.verbosity === 'quiet' || this.json || this.#several) return () => {};
    return process.stderr.isTTY ? this.#drawBar(name) : this.#writeLines(name);
  }

  /** How far a run over several files at once has come: what each of them is at would be too much to read. */
  filesDone(done: number, total: number): void {
    if (this.verbosity === 'quiet' || this.json || !process.stderr.isTTY) return;
    this.#bar ??= new SingleBar({
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
      format: '{bar} {percentage}% {value}/{total} files · {eta_formatted} left',
    });
    if (!this.#bar.isActive) this.#bar.start(total, done);
    this.#bar.update(done);
  }

  endProgress(): void {
    this.#bar?.stop();
    this.#bar = undefined;
    this.#phase = undefined;
  }

  #drawBar(name: string): OnProgress {
    return ({ phase, done, total }) => {
      if (phase !== this.#phase) {
        this.endProgress();
        this.#phase = phase;
        this.#bar = new SingleBar({
          stream: process.stderr,
          hideCursor: true,
          clearOnComplete: true,
          format: `{bar} {percentage}% ${PHASES[phase]} ${name} · {value}/{total} frames · {speed}/s · {eta_formatted} left`,
        });
        this.#bar.start(total ?? done, 0, { speed: '–' });
        this.#lastLine = performance.now();
      }
      const seconds = (performance.now() - this.#lastLine) / 1000;
      if (total === undefined) this.#bar?.setTotal(done);
      this.#bar?.update(done, { speed: seconds > 0.2 ? (done / seconds).toFixed(1) : '–' });
    };
  }

  #writeLines(name: string): OnProgress {
    return ({ phase, done, total }) => {
      const now = performance.now();
      const isNew = phase !== this.#phase;
      this.#phase = phase;
      if (!isNew && now - this.#lastLine < LINE_EVERY_MS) return;
      this.#lastLine = now;
      process.stderr.write(
        `${PHASES[phase]} ${name}: frame ${done}${total === undefined ? '' : ` of ${total}`}\n`,
      );
    };
  }
}

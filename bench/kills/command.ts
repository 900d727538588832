import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { LAUNCHER } from '../places.ts';
import { environment, type Scene } from './scene.ts';

/** How a run ended, and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/** The command line at work, in a process group of its own. */
export class Command {
  readonly #child: ChildProcess;
  readonly #ended: Promise<Ended>;
  #said = '';

  /** `variables` are added to its environment. */
  constructor(scene: Scene, args: readonly string[], variables: Readonly<Record<string, string>> = {}) {
    this.#child = spawn(process.execPath, [LAUNCHER, ...args], {
      cwd: scene.home,
      env: { ...environment(scene), ...variables },
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    this.#child.stderr?.on('data', (text) => {
      this.#said += text;
    });
    this.#ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', (code, signal) => resolve({ code, signal, stderr: this.#said }));
    });
  }

  get said(): string {
    return this.#said;
  }

  ended(): Promise<Ended> {
    return this.#ended;
  }

  get isOver(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Kills the process that was started, or it and all that it started: a battery that is empty. */
  kill(all: boolean, signal: NodeJS.Signals = 'SIGKILL'): void {
    if (!all) this.#child.kill(signal);
    else if (this.#child.pid !== undefined) signalGroup(this.#child.pid, signal);
  }

  /** Waits until all that it started is gone too. False where something goes on. */
  async isGone(patience = 60_000): Promise<boolean> {
    const { pid } = this.#child;
    for (let waited = 0; pid !== undefined && signalGroup(pid, 0); waited += 50) {
      if (waited > patience) return false;
      await wait(50);
    }
    return true;
  }
}

/** False where there is nobody in the group. */
function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch {
    return false;
  }
}

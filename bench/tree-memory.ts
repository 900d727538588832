import { readdirSync, readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 200;

/** Watches how much memory a process and all below it have resident together, by Linux's /proc. */
export class TreeMemory {
  readonly #root: number;
  readonly #timer: NodeJS.Timeout;
  readonly #met = new Set<number>();
  #peak = 0;

  constructor(root: number) {
    this.#root = root;
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  /** The most at a time. Pages that several of them share count for each. */
  get peakMiB(): number {
    return this.#peak / 1024;
  }
  /** How many there were in all. */
  get processes(): number {
    return this.#met.size;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const parents = new Map<number, number>();
    const sizes = new Map<number, number>();
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      try {
        const status = readFileSync(`/proc/${name}/status`, 'utf8');
        parents.set(Number(name), Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]));
        sizes.set(Number(name), Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0));
      } catch {
        // It has ended meanwhile.
      }
    }
    let sum = 0;
    for (const [pid, size] of sizes) {
      if (!this.#isBelow(pid, parents)) continue;
      this.#met.add(pid);
      sum += size;
    }
    this.#peak = Math.max(this.#peak, sum);
  }

  #isBelow(pid: number, parents: ReadonlyMap<number, number>): boolean {
    for (let at: number | undefined = pid; at; at = parents.get(at)) if (at === this.#root) return true;
    return false;
  }
}

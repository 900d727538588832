import { secondNetwork } from '../../core/check/examiners.ts';
import type { DetectorName } from '../../core/detect/catalogue.ts';
import { filmNetworks } from '../../core/detect/film-looks.ts';
import type { MediaType } from '../../core/media-type.ts';
import { DetectorPool } from './detector-pool.ts';

/** What workers are for: looking at photos or films, or at what was written. */
type Purpose = MediaType['kind'] | 'check';

/** One detector's workers, started when first needed and shared by every file of a run. */
export class Detectors {
  readonly name: DetectorName;
  readonly #threads: number | undefined;
  readonly #pools = new Map<Purpose, Promise<DetectorPool>>();

  /** `threads` is how many pictures are looked at side by side; as many as there are cores if left out. */
  constructor(name: DetectorName, threads?: number) {
    this.name = name;
    this.#threads = threads;
  }

  /** Begins to start the workers, if nothing has; whoever asks for the pool learns whether it worked. */
  start(purpose: Purpose): void {
    this.pool(purpose).catch(() => {});
  }

  /** Workers with the networks that photos or films need. */
  pool(purpose: Purpose): Promise<DetectorPool> {
    let pool = this.#pools.get(purpose);
    if (!pool) {
      pool = DetectorPool.start(this.#networks(purpose), this.#threads);
      this.#pools.set(purpose, pool);
    }
    return pool;
  }

  #networks(purpose: Purpose): readonly DetectorName[] {
    if (purpose === 'check') return [secondNetwork(this.name)];
    return purpose === 'photo' ? [this.name] : filmNetworks(this.name);
  }

  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    for (const started of pools) await (await started.catch(() => undefined))?.close();
  }
}

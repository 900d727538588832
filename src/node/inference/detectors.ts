import type { DetectorName } from '../../core/detect/catalogue.ts';
import { filmNetworks } from '../../core/detect/film-looks.ts';
import type { MediaType } from '../../core/media-type.ts';
import { DetectorPool } from './detector-pool.ts';

type Medium = MediaType['kind'];

/** One detector's workers, started when first needed and shared by every file of a run. */
export class Detectors {
  readonly name: DetectorName;
  readonly #pools = new Map<Medium, Promise<DetectorPool>>();

  constructor(name: DetectorName) {
    this.name = name;
  }

  /** Begins to start the workers, if nothing has; whoever asks for the pool learns whether it worked. */
  start(medium: Medium): void {
    this.pool(medium).catch(() => {});
  }

  /** Workers with the networks that photos or films need. */
  pool(medium: Medium): Promise<DetectorPool> {
    let pool = this.#pools.get(medium);
    if (!pool) {
      pool = DetectorPool.start(medium === 'photo' ? [this.name] : filmNetworks(this.name));
      this.#pools.set(medium, pool);
    }
    return pool;
  }

  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    for (const started of pools) await (await started.catch(() => undefined))?.close();
  }
}

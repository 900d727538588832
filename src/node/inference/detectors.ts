import type { DetectorName } from '../../core/detect/catalogue.ts';
import { DetectorPool } from './detector-pool.ts';

/** One detector's workers, started when first needed and shared by every file of a run. */
export class Detectors {
  readonly #name: DetectorName;
  #pool: Promise<DetectorPool> | undefined;

  constructor(name: DetectorName) {
    this.#name = name;
  }

  /** Begins to start the workers, if nothing has; whoever asks for the pool learns whether it worked. */
  start(): void {
    this.pool().catch(() => {});
  }

  pool(): Promise<DetectorPool> {
    this.#pool ??= DetectorPool.start(this.#name);
    return this.#pool;
  }

  async close(): Promise<void> {
    const pool = await this.#pool?.catch(() => undefined);
    this.#pool = undefined;
    await pool?.close();
  }
}

import type { Part } from '../format.ts';
import { isMasterAllowed, rowOf } from './allowlist.ts';
import type { Step } from './ebml.ts';

/** Cues and SeekHead are made anew; leaving the old ones out takes nothing away from anyone. */
const REMADE = new Set(['Segment/Cues', 'Segment/SeekHead']);

/** Lists what will not be in the new file, blocks of unwanted tracks aside, as a walk goes by. */
export class RemovedElements {
  readonly parts: Part[] = [];
  hasTrailing = false;
  readonly #size: number;
  #skipTo = 0;

  /** Of a file of `size` bytes. */
  constructor(size: number) {
    this.#size = size;
  }

  take(step: Step): void {
    if (step.type === 'trailing') {
      const { path, offset } = step;
      this.parts.push({ path, offset, length: this.#size - offset, what: 'data after the end' });
      this.hasTrailing = true;
    } else if (step.type === 'open' || step.type === 'leaf') {
      const { element, place, path } = step;
      if (element.offset < this.#skipTo) return;
      const isKnown = step.type === 'open' ? isMasterAllowed(place) : rowOf(place) !== undefined;
      if (isKnown && !REMADE.has(place)) return;
      this.#skipTo = element.end;
      const { offset, end, kind } = element;
      this.parts.push({ path, offset, length: end - offset, what: kind.name });
    }
  }
}

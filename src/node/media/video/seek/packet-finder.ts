import type { PacketTable } from './packet-table.ts';

/** Tells which packet of a film one is that was read after a jump. */
export class PacketFinder {
  readonly #table: PacketTable;
  /** Packets by place in the file. */
  readonly #byPlace: Int32Array;

  constructor(table: PacketTable) {
    this.#table = table;
    const { position } = table;
    this.#byPlace = Int32Array.from({ length: table.count }, (_, packet) => packet).sort(
      (a, b) => position[a] - position[b] || a - b,
    );
  }

  /** The packet's number, or -1 where none fits, or more than one. */
  find(position: number, size: number, pts: number): number {
    if (position < 0) return -1;
    const table = this.#table;
    let low = 0;
    let high = table.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (table.position[this.#byPlace[middle]] < position) low = middle + 1;
      else high = middle;
    }
    let found = -1;
    for (let i = low; i < table.count && table.position[this.#byPlace[i]] === position; i++) {
      const packet = this.#byPlace[i];
      if (table.size[packet] !== size) continue;
      if (found < 0) found = packet;
      else if (table.pts[packet] === pts && table.pts[found] !== pts) found = packet;
      else if (table.pts[packet] === table.pts[found]) return -1;
    }
    return found;
  }
}

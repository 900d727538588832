/** Points in the plane, found by place without looking at all of them: a hash of square cells. */
export class Neighbourhood {
  private readonly cells = new Map<number, number[]>();
  private readonly cell: number;

  /** `cell`: side of a cell; about the radius of most searches. */
  constructor(cell: number) {
    this.cell = Math.max(cell, 1e-6);
  }

  add(item: number, x: number, y: number): void {
    const key = this.key(Math.floor(x / this.cell), Math.floor(y / this.cell));
    const found = this.cells.get(key);
    if (found) found.push(item);
    else this.cells.set(key, [item]);
  }

  /**
   * Calls `visit` for every item within `radius` of a point, and for some beyond. A search much wider than a
   * cell looks at every cell instead, so that one giant among ants does not cost more than all of them.
   */
  visit(x: number, y: number, radius: number, visit: (item: number) => void): void {
    const left = Math.floor((x - radius) / this.cell);
    const right = Math.floor((x + radius) / this.cell);
    const top = Math.floor((y - radius) / this.cell);
    const bottom = Math.floor((y + radius) / this.cell);
    if ((right - left + 1) * (bottom - top + 1) > this.cells.size) {
      for (const items of this.cells.values()) for (const item of items) visit(item);
      return;
    }
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        for (const item of this.cells.get(this.key(column, row)) ?? []) visit(item);
      }
    }
  }

  private key(column: number, row: number): number {
    return column * 0x4000000 + row;
  }
}

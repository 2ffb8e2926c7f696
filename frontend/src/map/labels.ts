/** Which labels are drawn where they would lie on one another: the more important one first, the others not at all. */

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const CELL = 64;

/** Boxes taken on one screen, in a grid of cells so that a thousand labels ask few others. */
export class Taken {
  readonly #cells = new Map<number, Box[]>();

  /** Takes the box and tells true, or leaves all as it is and tells false where another lies on it. */
  take(box: Box): boolean {
    const cells = this.#touched(box);
    for (const cell of cells) {
      if (this.#cells.get(cell)?.some((other) => overlap(box, other)) === true) return false;
    }
    for (const cell of cells) {
      const held = this.#cells.get(cell);
      if (held === undefined) this.#cells.set(cell, [box]);
      else held.push(box);
    }
    return true;
  }

  #touched({ x, y, width, height }: Box): number[] {
    const cells: number[] = [];
    for (let row = Math.floor(y / CELL); row <= Math.floor((y + height) / CELL); row += 1)
      for (let column = Math.floor(x / CELL); column <= Math.floor((x + width) / CELL); column += 1)
        cells.push(row * 4_096 + column);
    return cells;
  }
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

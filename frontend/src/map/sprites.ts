/**
 * What is drawn again and again: a text with its halo costs a hundred times as much as a copy of it, and 500 vehicles have
 * their call signs drawn every second. Each is painted once on a sheet beside the map and copied from there.
 */

const SHEET_PX = 2_048;
/** Between two sprites, so that none bleeds into the next. */
const APART = 1;

interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Where sprites find room on a sheet: in rows, each as high as its first. Pure. */
export class Shelves {
  #x = 0;
  #y = 0;
  #height = 0;
  readonly #side: number;

  constructor(side: number) {
    this.#side = side;
  }

  /** A place of that size; undefined where the sheet is full. */
  find(width: number, height: number): Place | undefined {
    if (this.#x + width > this.#side || height > this.#height) {
      this.#y += this.#height;
      this.#x = 0;
      this.#height = height + APART;
    }
    if (this.#y + height > this.#side || width > this.#side) return undefined;
    const place = { x: this.#x, y: this.#y, width, height };
    this.#x += width + APART;
    return place;
  }
}

export class Sprites {
  readonly #sheet = document.createElement("canvas");
  readonly #places = new Map<string, Place>();
  #shelves = new Shelves(SHEET_PX);
  #ratio = 0;

  constructor() {
    this.#sheet.width = this.#sheet.height = SHEET_PX;
  }

  /**
   * Copy what is known by `key`, `width` by `height` CSS pixels, its middle at (x, y). What is not known yet is painted
   * first, around the origin. `ratio`: dots for one CSS pixel.
   */
  put(
    canvas: CanvasRenderingContext2D,
    ratio: number,
    key: string,
    size: { width: number; height: number },
    at: { x: number; y: number },
    paint: (canvas: CanvasRenderingContext2D) => void,
  ): void {
    if (ratio !== this.#ratio) this.#forget(ratio);
    const place = this.#places.get(key) ?? this.#paint(key, size, paint);
    if (place === undefined) {
      // Larger than the sheet: no sprite.
      canvas.save();
      canvas.translate(at.x, at.y);
      paint(canvas);
      canvas.restore();
      return;
    }
    const { x, y, width, height } = place;
    // On whole dots, so that letters stay sharp.
    const left = Math.round(at.x * ratio - width / 2) / ratio;
    const top = Math.round(at.y * ratio - height / 2) / ratio;
    canvas.drawImage(this.#sheet, x, y, width, height, left, top, width / ratio, height / ratio);
  }

  #paint(
    key: string,
    size: { width: number; height: number },
    paint: (canvas: CanvasRenderingContext2D) => void,
  ): Place | undefined {
    const context = this.#sheet.getContext("2d");
    const width = Math.ceil(size.width * this.#ratio);
    const height = Math.ceil(size.height * this.#ratio);
    let place = this.#shelves.find(width, height);
    if (place === undefined) {
      this.#forget(this.#ratio);
      place = this.#shelves.find(width, height);
    }
    if (place === undefined || context === null) return undefined;
    context.setTransform(this.#ratio, 0, 0, this.#ratio, place.x + width / 2, place.y + height / 2);
    context.direction = "ltr";
    paint(context);
    this.#places.set(key, place);
    return place;
  }

  #forget(ratio: number): void {
    this.#ratio = ratio;
    this.#places.clear();
    this.#shelves = new Shelves(SHEET_PX);
    const context = this.#sheet.getContext("2d");
    context?.setTransform(1, 0, 0, 1, 0, 0);
    context?.clearRect(0, 0, SHEET_PX, SHEET_PX);
  }
}

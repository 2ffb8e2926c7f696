/**
 * Lays stations with their units into columns of one height, as a newspaper does; a head never ends a column. `least`:
 * so many lines fill a column before the next one begins.
 */

export interface Block<Head, Item> {
  head: Head;
  items: readonly Item[];
}

export type Line<Head, Item> = { kind: "head"; head: Head } | { kind: "item"; item: Item; head: Head };

export function inColumns<Head, Item>(
  blocks: readonly Block<Head, Item>[],
  columns: number,
  least = 1,
): Line<Head, Item>[][] {
  const total = blocks.reduce((sum, block) => sum + 1 + block.items.length, 0);
  const height = Math.max(least, Math.ceil(total / columns));
  const made: Line<Head, Item>[][] = Array.from({ length: columns }, () => []);
  let at = 0;
  const column = (): Line<Head, Item>[] => made[at] as Line<Head, Item>[];
  const next = (): void => {
    if (at < columns - 1) at += 1;
  };
  for (const { head, items } of blocks) {
    if (column().length + 1 >= height && column().length > 0) next();
    column().push({ kind: "head", head });
    for (const item of items) {
      if (column().length >= height && at < columns - 1) {
        next();
        column().push({ kind: "head", head });
      }
      column().push({ kind: "item", item, head });
    }
  }
  return made;
}

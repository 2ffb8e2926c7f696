/** Moving along a column of buttons by arrows: a list of kit is long for Tab alone. */

const columnOf = (list: Element | Document, column: string): HTMLElement[] => [
  ...list.querySelectorAll<HTMLElement>(`[data-column="${column}"]:enabled`),
];

/** Arrows up and down go to the same button of the row before or after. */
export function alongColumn(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  if (event.isComposing || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
  const from = event.target;
  if (!(from instanceof HTMLElement)) return;
  const column = from.dataset["column"];
  if (column === undefined) return;
  const all = columnOf(event.currentTarget, column);
  all[all.indexOf(from) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
  event.preventDefault();
}

/** That button of the next row, or of the one before the last: where to go on when the row is gone. */
export function besides(row: HTMLElement | null | undefined, column: string): HTMLElement | undefined {
  const own = row?.querySelector<HTMLElement>(`[data-column="${column}"]`);
  if (!own) return undefined;
  const all = columnOf(document, column);
  const at = all.indexOf(own);
  return all[at + 1] ?? all[at - 1];
}

/** Arrows up and down go to the same button of the row before or after: a list of kit is long for Tab alone. */

export function alongColumn(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  if (event.isComposing || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
  const from = event.target;
  if (!(from instanceof HTMLElement)) return;
  const column = from.dataset["column"];
  if (column === undefined) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>(`[data-column="${column}"]:enabled`)];
  all[all.indexOf(from) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
  event.preventDefault();
}

/** One stop of the tabulator for a whole chart: arrows go from one of its marks to the next. */

const STEPS: Readonly<Record<string, (columns: number) => number>> = {
  ArrowLeft: () => -1,
  ArrowRight: () => 1,
  ArrowUp: (columns) => -columns,
  ArrowDown: (columns) => columns,
};

/** Where a key leads from the `at`th of so many marks; null: nowhere. */
export function stepped(key: string, at: number, count: number, columns: number): number | null {
  const step = STEPS[key]?.(columns);
  if (step === undefined) return key === "Home" ? 0 : key === "End" ? count - 1 : null;
  const next = at + step;
  return next >= 0 && next < count ? next : null;
}

/** For an element whose buttons stand in rows of `columns`. */
export function roving(
  node: HTMLElement | SVGElement,
  columns: number,
): { update: (columns: number) => void; destroy: () => void } {
  let width = columns;
  const marks = (): (HTMLElement | SVGElement)[] => [...node.querySelectorAll<HTMLElement | SVGElement>("[data-mark]")];
  function settle(): void {
    const all = marks();
    if (!all.some((one) => one.tabIndex === 0)) all[0]?.setAttribute("tabindex", "0");
  }
  function pressed(event: Event): void {
    if (!(event instanceof KeyboardEvent)) return;
    const all = marks();
    const at = all.indexOf(event.target as HTMLElement | SVGElement);
    const next = at < 0 ? null : stepped(event.key, at, all.length, width);
    if (next === null) return;
    event.preventDefault();
    all[at]?.setAttribute("tabindex", "-1");
    all[next]?.setAttribute("tabindex", "0");
    all[next]?.focus();
  }
  node.addEventListener("keydown", pressed);
  const watching = new MutationObserver(settle);
  watching.observe(node, { childList: true, subtree: true });
  settle();
  return {
    update: (next) => (width = next),
    destroy: () => {
      node.removeEventListener("keydown", pressed);
      watching.disconnect();
    },
  };
}

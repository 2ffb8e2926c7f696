import { expect, it } from "vitest";
import { panelOf } from "./panel.svelte";

const SEAT = "0190a8c0-0000-7000-8000-000000000001";

it("an address asks for a panel of a seat, or for the console", () => {
  expect(panelOf(`?panel=map&of=${SEAT}`)).toEqual({ panel: "map", seat: SEAT });
  for (const search of ["", "?panel=map", `?panel=door&of=${SEAT}`, "?panel=map&of=<script>", `?of=${SEAT}`])
    expect(panelOf(search)).toBeNull();
});

import { describe, expect, test } from "vitest";
import {
  courseOf,
  measuresOf,
  partOf,
  PERIODS,
  readAsked,
  spanOf,
  stepOf,
  USUAL,
  whereOf,
  writeAsked,
  type Asked,
} from "./asked";

/** 2026-11-22 00:30 in Beijing; still the 21st by UTC and in Xinjiang. */
const NOW = Date.UTC(2026, 10, 21, 16, 30);

function span(asked: Partial<Asked>): string[] {
  const { begins, until } = spanOf({ ...USUAL, ...asked }, NOW);
  return [begins, until];
}

describe("the address", () => {
  test("of what is usual is empty, and an empty one asks for it", () => {
    expect(writeAsked(USUAL)).toBe("");
    expect(readAsked("")).toEqual(USUAL);
  });

  test("holds everything that was chosen, and gives it back", () => {
    const asked: Asked = {
      tab: "quality",
      period: "own",
      first: "2026-10-01",
      last: "2026-10-31",
      system: "corps",
      ground: "rural",
      priority: "P1",
      targets: "aksu",
      county: "county-wushi",
      kpi: "departure",
      pane: "heat",
      split: "complaint",
      step: "week",
      measure: "p90",
      rows: "missed",
      of: "response",
      fault: "runs.missing_t7",
      gain: "losses",
      at: "station:s-1,hour:08",
      within: "2026-11-21T16:00:00.000Z/2026-11-22T16:00:00Z",
      took: "300-600",
      against: "own",
      day: "2026-10-10",
      otherFirst: "2026-09-01",
      otherLast: "2026-09-30",
      basis: "stations",
      hour: "3",
      able: "",
      limit: "8min",
      whom: "incidents",
      further: "10",
    };
    expect(readAsked(writeAsked(asked))).toEqual(asked);
  });

  test("asks for no hour of units, and for no capability at an hour", () => {
    expect(readAsked("?tab=coverage&hour=3&able=A")).toMatchObject({ basis: "units", hour: "", able: "A" });
    expect(readAsked("?tab=coverage&basis=stations&hour=3&able=A")).toMatchObject({ hour: "3", able: "" });
    expect(readAsked("?tab=coverage&basis=stations&hour=24&able=X")).toMatchObject({ hour: "", able: "" });
  });

  test("keeps the days only of a period of one's own", () => {
    const asked: Asked = { ...USUAL, period: "days7", first: "2026-10-01", last: "2026-10-31" };
    expect(writeAsked(asked)).toBe("?period=days7");
  });

  test.each([
    "?period=own",
    "?period=own&first=2026-11-09&last=2026-11-01",
    "?period=own&first=2026-13-01&last=2026-13-02",
    "?period=own&first=<script>&last=x",
    "?period=yesteryear&system=moon&tab=secrets&priority=P9&ground=sea",
  ])("of rubbish is as usual: %s", (rubbish) => {
    expect({ ...readAsked(rubbish), first: "", last: "" }).toEqual(USUAL);
  });
});

describe("a period", () => {
  test("is one of whole days of Beijing", () => {
    expect(span({ period: "today" })).toEqual(["2026-11-21T16:00:00.000Z", "2026-11-22T16:00:00.000Z"]);
    expect(span({ period: "yesterday" })).toEqual(["2026-11-20T16:00:00.000Z", "2026-11-21T16:00:00.000Z"]);
    expect(span({ period: "days7" })[0]).toBe("2026-11-15T16:00:00.000Z");
    expect(span({ period: "days30" })[0]).toBe("2026-10-23T16:00:00.000Z");
    expect(span({ period: "month" })).toEqual(["2026-10-31T16:00:00.000Z", "2026-11-22T16:00:00.000Z"]);
    expect(span({ period: "lastMonth" })).toEqual(["2026-09-30T16:00:00.000Z", "2026-10-31T16:00:00.000Z"]);
    expect(span({ period: "own", first: "2026-11-01", last: "2026-11-01" })).toEqual([
      "2026-10-31T16:00:00.000Z",
      "2026-11-01T16:00:00.000Z",
    ]);
  });

  test("always ends after it begins", () => {
    for (const period of PERIODS) {
      const { begins, until } = spanOf({ ...USUAL, period, first: "2026-11-01", last: "2026-11-01" }, NOW);
      expect(Date.parse(until)).toBeGreaterThan(Date.parse(begins));
    }
  });

  test("that is short has its course told with the days before", () => {
    const today = spanOf(USUAL, NOW);
    const response = { kind: "interval", within_s: null } as const;
    expect(courseOf(USUAL, today, response).begins).toBe("2026-10-23T16:00:00.000Z");
    const month = spanOf({ ...USUAL, period: "lastMonth" }, NOW);
    expect(courseOf(USUAL, month, response)).toEqual({ ...month, step: "day", measure: "mean" });
    // By weeks and months it goes back further, so that there are some.
    expect(courseOf({ ...USUAL, step: "week" }, today, response)).toMatchObject({
      begins: "2026-05-24T16:00:00.000Z",
      step: "week",
    });
    expect(courseOf({ ...USUAL, step: "month" }, month, response).begins).toBe("2024-10-31T16:00:00.000Z");
    expect(stepOf(month)).toBe("day");
    expect(stepOf({ begins: "2026-01-01T00:00:00Z", until: "2026-11-01T00:00:00Z" })).toBe("week");
    expect(stepOf({ begins: "2020-01-01T00:00:00Z", until: "2026-11-01T00:00:00Z" })).toBe("month");
  });
});

test("a course is of a number that the figure has", () => {
  const span = spanOf(USUAL, NOW);
  const departure = { kind: "interval", within_s: 180 } as const;
  expect(courseOf(USUAL, span, departure).measure).toBe("share");
  expect(courseOf({ ...USUAL, measure: "p90" }, span, departure).measure).toBe("p90");
  expect(courseOf({ ...USUAL, measure: "share" }, span, { kind: "interval" }).measure).toBe("mean");
  expect(courseOf({ ...USUAL, measure: "mean" }, span, { kind: "share" }).measure).toBe("share");
  expect(measuresOf(undefined)).toEqual(["mean", "p50", "p90"]);
});

test("what is chosen becomes strata", () => {
  expect(whereOf(USUAL)).toEqual([]);
  expect(whereOf({ ...USUAL, system: "corps", ground: "rural", priority: "P1", county: "c-1" })).toEqual([
    "area_system:corps",
    "ground:rural",
    "priority:P1",
    "county:c-1",
  ]);
});

test("what an address says wrongly of the rows is left out", () => {
  const asked = readAsked("?rows=most&at=station&within=yesterday/today&took=long&fault=drop%20table");
  expect([asked.rows, asked.at, asked.within, asked.took, asked.fault]).toEqual(["", "", "", "", ""]);
});

describe("a period over a change of a definition", () => {
  const versions = [
    { id: "departure" },
    { id: "departure", from: "2026-11-20" },
    { id: "response", from: "2026-11-21" },
  ];
  const span = spanOf({ ...USUAL, period: "days7" }, NOW);

  test("is told by its later part, from that day on in Beijing", () => {
    expect(partOf(versions, "departure", span)).toEqual({ begins: "2026-11-19T16:00:00.000Z", until: span.until });
  });

  test("is whole for others, before the change and after it", () => {
    expect(partOf(versions, "answer", span)).toEqual(span);
    const before = { begins: "2026-11-01T16:00:00.000Z", until: "2026-11-19T16:00:00.000Z" };
    expect(partOf(versions, "departure", before)).toEqual(before);
    const after = { begins: "2026-11-20T16:00:00.000Z", until: "2026-11-22T16:00:00.000Z" };
    expect(partOf(versions, "departure", after)).toEqual(after);
  });
});

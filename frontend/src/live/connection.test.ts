import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Connection, SILENT_MS, type Link, type Place, type Socket } from "./connection";
import { TOPICS, type Frame, type Subscribe } from "./protocol";

class FakeSocket implements Socket {
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  readonly said: Record<string, unknown>[] = [];
  closed = false;
  readyState = 1;

  send(text: string): void {
    this.said.push(JSON.parse(text) as Record<string, unknown>);
  }
  close(): void {
    this.closed = true;
  }
  hears(...frames: Record<string, unknown>[]): void {
    for (const frame of frames) this.onmessage?.({ data: JSON.stringify(frame) });
  }
  get subscribed(): Subscribe | undefined {
    return this.said.find(({ op }) => op === "subscribe") as Subscribe | undefined;
  }
}

const NOW = "2026-11-22T04:00:00Z";
const welcome = (seq: number | null = 100) => ({ kind: "welcome", now: NOW, seq, server: "1" });
const snapshots = (seq: number) => TOPICS.map((topic) => ({ kind: "snapshot", topic, seq, items: [] }));
const tick = (seq: number | null, more = {}) => ({
  kind: "tick",
  now: NOW,
  seq,
  mark: `m${seq}`,
  fresh: true,
  ...more,
});

let sockets: FakeSocket[];
let link: Link;
let frames: Frame[];
let unopened: number;
let connection: Connection;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  [sockets, frames, unopened] = [[], [], 0];
  connection = dialling(null);
});
afterEach(() => {
  connection.stop();
  vi.useRealTimers();
});

function dialling(from: Place | null): Connection {
  const made = new Connection(
    TOPICS,
    { link: (now) => (link = now), frame: (frame) => frames.push(frame), unopened: () => (unopened += 1) },
    {
      open: () => {
        sockets.push(new FakeSocket());
        return socket();
      },
      now: () => Date.now(),
    },
    from,
  );
  made.start();
  return made;
}

const socket = (): FakeSocket => sockets.at(-1) as FakeSocket;
function live(seq = 100): void {
  socket().onopen?.();
  socket().hears(welcome(seq), ...snapshots(seq), tick(seq));
}

describe("a link", () => {
  it("is live once every board is here and a tick stands behind it", () => {
    socket().onopen?.();
    socket().hears(welcome());
    expect(socket().subscribed).toEqual({ op: "subscribe", topics: TOPICS, after: null, mark: null });
    socket().hears(tick(100), ...snapshots(100));
    expect(link).toMatchObject({ state: "catching-up", seq: null });
    socket().hears(tick(101));
    expect(link).toMatchObject({ state: "live", seq: 101, attempt: 0 });
  });

  it("is lost within three seconds of silence, and dialled again at once", () => {
    live();
    vi.advanceTimersByTime(SILENT_MS - 300);
    expect(link.state).toBe("live");
    vi.advanceTimersByTime(3_000 - SILENT_MS + 300);
    expect(link.state).toBe("lost");
    expect([sockets.length, sockets[0]?.closed]).toEqual([2, true]);
  });

  it("is not taken for lost by a page that was busy itself: what came meanwhile is heard first", () => {
    live();
    vi.advanceTimersByTime(1_000);
    vi.setSystemTime(Date.now() + 3_000);
    vi.advanceTimersByTime(250);
    socket().hears(tick(101));
    vi.advanceTimersByTime(250);
    expect([link.state, link.seq, sockets.length]).toEqual(["live", 101, 1]);
    vi.setSystemTime(Date.now() + 3_000);
    vi.advanceTimersByTime(750);
    expect([link.state, sockets.length]).toEqual(["lost", 2]);
  });

  it("resumes after the last line that a tick stood behind, not after a fact that may have lost its rows", () => {
    live(100);
    socket().hears(
      { kind: "fact", seq: 107, topic: "incidents" },
      { kind: "rows", topic: "incidents", seq: 107, items: [], gone: [] },
    );
    socket().onclose?.({ code: 1006 });
    vi.advanceTimersByTime(250);
    socket().onopen?.();
    socket().hears(welcome(107));
    expect(socket().subscribed).toMatchObject({ after: 100, mark: "m100" });
    expect(link.state).toBe("catching-up");
    socket().hears(tick(104));
    expect(link.state).toBe("catching-up");
    socket().hears(tick(107));
    expect(link.state).toBe("live");
  });

  it("begins where another page left off, and is lost until the service has told the rest", () => {
    connection.stop();
    connection = dialling({ seq: 90, mark: "m90" });
    expect(link).toMatchObject({ state: "lost", seq: 90 });
    expect(connection.place).toEqual({ seq: 90, mark: "m90" });
    socket().onopen?.();
    socket().hears(welcome(100));
    expect(socket().subscribed).toMatchObject({ after: 90, mark: "m90" });
    socket().hears({ kind: "rows", topic: "incidents", seq: 100, items: [], gone: [] }, tick(100));
    expect(link.state).toBe("live");
    expect(connection.place).toEqual({ seq: 100, mark: "m100" });
  });

  it("waits longer between attempts that fail, and says when the next one is", () => {
    live();
    socket().onclose?.({ code: 1006 });
    const waited: (number | null)[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) {
      waited.push(link.nextTryAt === null ? null : link.nextTryAt - Date.now());
      vi.advanceTimersByTime(waited.at(-1) ?? 0);
      vi.advanceTimersByTime(250);
      socket().onclose?.({ code: 1006 });
    }
    expect(waited).toEqual([0, 1_000, 2_000, 4_000, 5_000, 5_000]);
    expect(unopened).toBe(6);
  });

  it("dials now when somebody asks", () => {
    live();
    socket().onclose?.({ code: 1006 });
    vi.advanceTimersByTime(300);
    socket().onclose?.({ code: 1006 });
    connection.retry();
    expect(sockets.length).toBe(3);
    live(100);
    expect(link.state).toBe("live");
  });

  it("gives a socket that never opens up after a while", () => {
    live();
    socket().onclose?.({ code: 1006 });
    vi.advanceTimersByTime(250);
    expect(sockets.length).toBe(2);
    vi.advanceTimersByTime(8_500);
    expect(sockets[1]?.closed).toBe(true);
    expect(link.state).toBe("lost");
  });

  it("that slept for an hour is dialled again, whatever its socket believes", () => {
    live();
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersByTime(250);
    expect(link.state).toBe("lost");
    expect(sockets.length).toBe(2);
  });

  it("that wakes hears nothing that waited for it while it slept", () => {
    live();
    const asleep = socket();
    const heard = frames.length;
    vi.setSystemTime(Date.now() + 3_600_000);
    asleep.hears(tick(101), tick(102));
    expect([link.state, link.seq, frames.length]).toEqual(["lost", 100, heard]);
    expect([asleep.closed, sockets.length]).toEqual([true, 2]);
    live(900);
    expect([link.state, socket().subscribed?.after]).toEqual(["live", 100]);
  });

  it("is as live in a page that nobody sees, which may look once a minute, as long as it hears", () => {
    live();
    for (let second = 0; second < 60; second += 1) {
      vi.setSystemTime(Date.now() + 1_000);
      socket().hears(tick(100));
    }
    vi.advanceTimersByTime(250);
    expect([link.state, sockets.length]).toEqual(["live", 1]);
  });

  it("tells that the service cannot read its record", () => {
    live();
    socket().hears(tick(100, { fresh: false }));
    expect(link.state).toBe("stalled");
    socket().hears(tick(100));
    socket().hears(tick(100));
    expect(link.state).toBe("live");
  });

  it.each(["live.ahead", "live.other_journal"])("begins anew where the journal is another one: %s", (code) => {
    live(500);
    socket().hears({ kind: "refused", code, detail: "" });
    expect(link).toMatchObject({ state: "catching-up", seq: null });
    socket().hears(...snapshots(3), tick(3));
    expect(link.seq).toBe(3);
  });

  it("measures the way there and back", () => {
    live();
    vi.advanceTimersByTime(250);
    const ping = socket().said.find(({ op }) => op === "ping");
    vi.advanceTimersByTime(38);
    socket().hears({ kind: "pong", t: ping?.t });
    expect(link.roundTripMs).toBe(38);
  });

  it("survives what is no frame, and hands on the rest in order", () => {
    live();
    socket().onmessage?.({ data: "rubbish" });
    socket().onmessage?.({ data: new ArrayBuffer(3) });
    socket().hears({ kind: "of tomorrow" });
    expect(link.state).toBe("live");
    expect(frames.map(({ kind }) => kind)).toEqual(["welcome", ...TOPICS.map(() => "snapshot"), "tick"]);
  });
});

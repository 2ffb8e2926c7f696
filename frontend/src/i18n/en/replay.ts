import type { Texts } from "../index.svelte";

export const replay: Texts["replay"] = {
  title: "Time travel",
  open: "Replay",
  playing: "Replay",
  play: "Play",
  pause: "Pause",
  faster: "Faster",
  slower: "Slower",
  before: "Event before",
  after: "Next event",
  jump: "Go to",
  zone: "Time zone",
  slider: "Moment",
  now: "Back to now",
  held: "No commands during replay",
  loading: "Loading…",
  unanswered: "No answer came",
  incidents: "Incidents then",
  units: "Units then",
  noIncidents: "No incident was open then",
  counts: (incidents, free, fixes) => `At this moment: ${incidents} incidents · ${free} free · fixes ${fixes}`,
};

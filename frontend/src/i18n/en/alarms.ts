import type { Texts } from "../index.svelte";

export const alarms: Texts["alarms"] = {
  urgency: { high: "High alarms", medium: "Medium alarms", low: "Low alarms" },
  kinds: {
    linkLost: "link lost",
    waiting: "waits too long",
    unacknowledged: "no reply from the crew",
    overdue: "later than promised",
    handover: "handover too long",
    positionLost: "position lost",
    prealert: "pre-alert not acknowledged",
    stretcher: "crew waits at the hospital",
    "crew.danger": "Crew in danger",
    "crew.second_unit": "Crew asks for a second vehicle",
    "crew.police": "Crew asks for police",
    "crew.fire": "Crew asks for fire service",
  },
  none: "No alarms",
  allConfirmed: "All alarms confirmed",
  unknown: "No data yet: alarms cannot be told",
  over: "cause has gone",
  unconfirmed: (at) => `since ${at}`,
  confirm: "confirm",
  mute: "Mute 2 min",
  muted: (left) => `Muted ${left}`,
  silenced: "Turn sound on",
  check: "Hear it",
};

/**
 * Sounds told apart by their rhythm, after the bursts of IEC 60601-1-8: high 3 + 2 quick tones, medium 3 slower, low 2.
 * Made by the browser; no file is needed. A browser makes no sound before somebody has touched the page.
 */

import type { Urgency } from "./rules";

/** Starts of the tones in seconds, and their pitch in hertz. */
const BURSTS: Record<Urgency, { starts: readonly number[]; hz: number; longS: number }> = {
  high: { starts: [0, 0.2, 0.4, 0.75, 0.95], hz: 880, longS: 0.13 },
  medium: { starts: [0, 0.35, 0.7], hz: 660, longS: 0.2 },
  low: { starts: [0, 0.4], hz: 440, longS: 0.2 },
};
const LOUD = 0.2;

let context: AudioContext | null = null;

/** Play a burst, as loud as `volume` per cent; false when the browser would not. */
export async function play(urgency: Urgency, volume: number): Promise<boolean> {
  // Asked for before somebody has touched the page, a browser complains.
  if (!navigator.userActivation.hasBeenActive) return false;
  try {
    context ??= new AudioContext();
    if (context.state === "suspended") await context.resume();
  } catch {
    return false;
  }
  const { starts, hz, longS } = BURSTS[urgency];
  const begin = context.currentTime + 0.02;
  const loud = (LOUD * volume) / 100;
  for (const start of starts) {
    const tone = context.createOscillator();
    const gain = context.createGain();
    tone.frequency.value = hz;
    tone.type = "triangle";
    gain.gain.setValueAtTime(0, begin + start);
    gain.gain.linearRampToValueAtTime(loud, begin + start + 0.02);
    gain.gain.setValueAtTime(loud, begin + start + longS - 0.03);
    gain.gain.linearRampToValueAtTime(0, begin + start + longS);
    tone.connect(gain).connect(context.destination);
    tone.start(begin + start);
    tone.stop(begin + start + longS);
  }
  return context.state === "running";
}

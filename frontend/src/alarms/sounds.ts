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

/** A message: two short soft tones that rise, where those of alarms stay on their pitch. */
const NEWS: readonly { start: number; hz: number }[] = [
  { start: 0, hz: 392 },
  { start: 0.09, hz: 587 },
];
const NEWS_LONG_S = 0.08;
const NEWS_LOUD = 0.07;

/** Play a burst, as loud as `volume` per cent; false when the browser would not. */
export async function play(urgency: Urgency, volume: number): Promise<boolean> {
  const { starts, hz, longS } = BURSTS[urgency];
  const tones = starts.map((start) => ({ start, hz }));
  return sound(tones, longS, (LOUD * volume) / 100, "triangle");
}

/** Tell of a message, as loud as `volume` per cent; false when the browser would not. */
export async function playNews(volume: number): Promise<boolean> {
  return sound(NEWS, NEWS_LONG_S, (NEWS_LOUD * volume) / 100, "sine");
}

async function sound(
  tones: readonly { start: number; hz: number }[],
  longS: number,
  loud: number,
  shape: OscillatorType,
): Promise<boolean> {
  // Asked for before somebody has touched the page, a browser complains.
  if (!navigator.userActivation.hasBeenActive) return false;
  try {
    context ??= new AudioContext();
    if (context.state === "suspended") await context.resume();
  } catch {
    return false;
  }
  const begin = context.currentTime + 0.02;
  for (const { start, hz } of tones) {
    const tone = context.createOscillator();
    const gain = context.createGain();
    tone.frequency.value = hz;
    tone.type = shape;
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

/**
 * The beat of chest compressions. Beats are set ahead on the audio clock, so that a busy screen neither drops nor delays
 * one; what is seen follows what is heard.
 */

/** So far ahead beats are set; seconds. */
const AHEAD_S = 0.25;
const LOOK_MS = 50;
const CLICK_S = 0.03;
const HERTZ = 880;

/** The beats due from `from` to before `until`, counted from `start`; seconds on one clock. */
export function beatsBetween(start: number, perMinute: number, from: number, until: number): number[] {
  const every = 60 / perMinute;
  const first = Math.max(0, Math.ceil((from - start) / every - 1e-9));
  const beats: number[] = [];
  for (let n = first; start + n * every < until - 1e-9; n++) beats.push(start + n * every);
  return beats;
}

export class Metronome {
  #context: AudioContext | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #set = 0;
  #start = 0;
  readonly #onBeat: (count: number) => void;

  /** `onBeat` is called with 1, 2, 3 … as each beat sounds. */
  constructor(onBeat: (count: number) => void) {
    this.#onBeat = onBeat;
  }

  start(perMinute: number): void {
    this.stop();
    const context = new AudioContext();
    this.#context = context;
    this.#start = context.currentTime + 0.1;
    this.#set = this.#start;
    const look = (): void => {
      const until = context.currentTime + AHEAD_S;
      for (const at of beatsBetween(this.#start, perMinute, this.#set, until)) this.#beat(context, at, perMinute);
      this.#set = Math.max(this.#set, until);
    };
    look();
    this.#timer = setInterval(look, LOOK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    void this.#context?.close();
    this.#context = null;
  }

  #beat(context: AudioContext, at: number, perMinute: number): void {
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = HERTZ;
    volume.gain.setValueAtTime(0.5, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + CLICK_S);
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + CLICK_S);
    const count = Math.round(((at - this.#start) * perMinute) / 60) + 1;
    setTimeout(
      () => {
        if (this.#context === context) this.#onBeat(count);
      },
      Math.max(0, (at - context.currentTime) * 1_000),
    );
  }
}

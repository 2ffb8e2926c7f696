/** Keep the screen on, as far as the phone lets a page do so. Returns how to let go. */
export function awake(): () => void {
  let held: WakeLockSentinel | null = null;
  let over = false;
  const hold = async (): Promise<void> => {
    if (over || document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
    try {
      held = await navigator.wakeLock.request("screen");
      if (over) await held.release();
    } catch {
      held = null; // the battery is low, or the phone does not want to
    }
  };
  const seen = (): void => void hold();
  document.addEventListener("visibilitychange", seen);
  void hold();
  return () => {
    over = true;
    document.removeEventListener("visibilitychange", seen);
    void held?.release();
  };
}

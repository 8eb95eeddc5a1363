/** Where "now" comes from. Passed through constructors, so that a test can stand still or jump ahead without faking timers. */
export interface Clock {
  /** The present instant, a fresh object on every call (UTC, millisecond resolution). */
  now(): Date;
}

/** The clock of the machine. It may step backwards when the machine's time is corrected: measure durations with `performance.now()`. */
export const systemClock: Clock = { now: () => new Date() };

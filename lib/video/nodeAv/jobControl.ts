/** Indices into the shared Int32Array. */
const STOP = 0;
const TAKEN = 1;
const FINISHED = 2;

/** How many frames the worker may be ahead. */
const FRAMES_AHEAD = 4;

/** Shared state of the two threads of a job; created by one, wrapped again by the other. */
export class JobControl {
  private readonly flags: Int32Array;

  constructor(readonly shared = new SharedArrayBuffer(12)) {
    this.flags = new Int32Array(shared);
  }

  stop(): void {
    this.raise(STOP);
  }

  get stopped(): boolean {
    return Atomics.load(this.flags, STOP) !== 0;
  }

  /** Counts a frame as processed. */
  take(): void {
    this.raise(TAKEN);
  }

  /** Blocks while the worker is too far ahead, unless the job was stopped. */
  waitForConsumer(sent: number): void {
    while (!this.stopped) {
      const taken = Atomics.load(this.flags, TAKEN);
      if (sent - taken < FRAMES_AHEAD) return;
      Atomics.wait(this.flags, TAKEN, taken, 100);
    }
  }

  /** Signals that the worker has left FFmpeg. */
  finish(): void {
    this.raise(FINISHED);
  }

  /** Blocks until the worker has left FFmpeg, or the timeout expires. */
  waitUntilFinished(milliseconds: number): void {
    Atomics.wait(this.flags, FINISHED, 0, milliseconds);
  }

  private raise(flag: number): void {
    Atomics.add(this.flags, flag, 1);
    Atomics.notify(this.flags, flag);
  }
}

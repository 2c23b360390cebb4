/** Places in the shared Int32Array. */
const STOP = 0;
const TAKEN = 1;
const FINISHED = 2;

/** How many frames the worker may run ahead. */
const FRAMES_AHEAD = 4;

/** What the two threads of a job tell each other while both are busy; made by one, wrapped again by the other. */
export class JobControl {
  private readonly cells: Int32Array;

  constructor(readonly shared = new SharedArrayBuffer(12)) {
    this.cells = new Int32Array(shared);
  }

  stop(): void {
    this.raise(STOP);
  }

  get stopped(): boolean {
    return Atomics.load(this.cells, STOP) !== 0;
  }

  /** One more frame was dealt with. */
  take(): void {
    this.raise(TAKEN);
  }

  /** Blocks while fewer frames were taken than were sent, by more than may be, and the job goes on. */
  waitForTaker(sent: number): void {
    while (!this.stopped) {
      const taken = Atomics.load(this.cells, TAKEN);
      if (sent - taken < FRAMES_AHEAD) return;
      Atomics.wait(this.cells, TAKEN, taken, 100);
    }
  }

  /** The worker is out of FFmpeg. */
  finish(): void {
    this.raise(FINISHED);
  }

  /** Blocks until the worker is out of FFmpeg, so many milliseconds at most. */
  waitUntilFinished(milliseconds: number): void {
    Atomics.wait(this.cells, FINISHED, 0, milliseconds);
  }

  private raise(cell: number): void {
    Atomics.add(this.cells, cell, 1);
    Atomics.notify(this.cells, cell);
  }
}

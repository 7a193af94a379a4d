// One worker's mailbox for answers: of the main thread to a call, and of a spawned thread to its
// spawner. Knows the layout, nothing of what is asked.
'use strict';

const DATA = 1 << 20;  // bytes that one answer may carry; longer reads are short reads
const READY = 0, ERRNO = 1, SIZE = 2, VERDICT = 3, DATA_AT = 64;

const VERDICT_NONE = 0, VERDICT_STARTED = 1, VERDICT_FAILED = 2, VERDICT_UNWANTED = 3;

class Reply {
  constructor(buffer = new SharedArrayBuffer(DATA_AT + DATA)) {
    this.buffer = buffer;
    this.cells = new Int32Array(buffer, 0, 16);
    this.data = new Uint8Array(buffer, DATA_AT);
  }

  // The asking side: clear, send the question, then take.
  clear() {
    Atomics.store(this.cells, READY, 0);
  }
  take() {
    while (Atomics.load(this.cells, READY) === 0) Atomics.wait(this.cells, READY, 0);
    const size = Atomics.load(this.cells, SIZE);
    return { errno: Atomics.load(this.cells, ERRNO), data: this.data.slice(0, size) };
  }
  // The answering side.
  give(errno, data) {
    if (data) this.data.set(data);
    Atomics.store(this.cells, ERRNO, errno);
    Atomics.store(this.cells, SIZE, data ? data.length : 0);
    Atomics.store(this.cells, READY, 1);
    Atomics.notify(this.cells, READY);
  }

  // Whether a spawned thread's instance came to be. `expect`, send, then `verdict`.
  expect() {
    Atomics.store(this.cells, VERDICT, VERDICT_NONE);
  }
  // VERDICT_STARTED, VERDICT_FAILED, or VERDICT_UNWANTED after `milliseconds` without an answer
  // (a start function may wait for its spawner) or when `given_up()`.
  verdict(milliseconds, given_up) {
    const until = performance.now() + milliseconds;
    while (Atomics.load(this.cells, VERDICT) === VERDICT_NONE) {
      const left = until - performance.now();
      if (left <= 0 || given_up()) {
        Atomics.compareExchange(this.cells, VERDICT, VERDICT_NONE, VERDICT_UNWANTED);
        break;
      }
      Atomics.wait(this.cells, VERDICT, VERDICT_NONE, Math.min(left, 20));
    }
    return Atomics.load(this.cells, VERDICT);
  }
  // False when the spawner no longer waits for it.
  judge(verdict) {
    const seen = Atomics.compareExchange(this.cells, VERDICT, VERDICT_NONE, verdict);
    Atomics.notify(this.cells, VERDICT);
    return seen === VERDICT_NONE;
  }
}

module.exports = { Reply, DATA, VERDICT_STARTED, VERDICT_FAILED, VERDICT_UNWANTED };

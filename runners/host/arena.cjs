// The shared memory of the host: one SharedArrayBuffer that every worker sees. Owns its layout, the
// status of the thread group, the captured output, the kinds of the low file descriptors.
// Knows no WASI, no protocol.
//
// One arena serves the whole life of the host. A case resets it before its first thread starts;
// that is safe because a case whose threads have not all ended is the last one of this process.
'use strict';

const OUTPUT_LIMIT = 64 << 10;
const FDS = 64;  // descriptors whose kind is kept here; larger numbers are the main thread's alone

// Indices of 32-bit cells.
const STATE = 0;     // 0 running, 1 ending (claimed), 2 ended
const KIND = 1;      // END_*
const CODE = 2;      // exit code, or index of the trap
const LIVE = 3;      // threads spawned and not yet ended
const NEXT_TID = 4;
const LOCK = 5;      // of the output buffers
const OUT_SIZE = 6, OUT_CUT = 7, ERR_SIZE = 8, ERR_CUT = 9;
const STDIN = 10;    // STDIN_*
const GENERATION = 11;  // number of the case
const FD_KIND = 16;  // FDS cells
const CLOCK = 128;   // a 64-bit cell: the last monotonic time that any thread has seen
const OUT_AT = 1024, ERR_AT = OUT_AT + OUTPUT_LIMIT;
const SIZE = ERR_AT + OUTPUT_LIMIT;

const END_EXIT = 1, END_TRAP = 2, END_ERROR = 3;
const STDIN_CLOSED = 0, STDIN_OPEN = 1, STDIN_TEXT = 2;
const FD_OTHER = 0, FD_STDIN = 1, FD_STDOUT = 2, FD_STDERR = 3;

class Arena {
  constructor(buffer = new SharedArrayBuffer(SIZE)) {
    this.buffer = buffer;
    this.cells = new Int32Array(buffer);
    this.clock = new BigInt64Array(buffer, CLOCK * 4, 1);
    this.bytes = new Uint8Array(buffer);
  }

  // `stdin`: how descriptor 0 behaves. Returns the number of the case.
  reset(stdin) {
    for (const cell of [KIND, CODE, LIVE, LOCK, OUT_SIZE, OUT_CUT, ERR_SIZE, ERR_CUT]) {
      Atomics.store(this.cells, cell, 0);
    }
    Atomics.store(this.cells, NEXT_TID, 1);
    for (let fd = 0; fd < FDS; ++fd) {
      Atomics.store(this.cells, FD_KIND + fd, fd < 3 ? FD_STDIN + fd : FD_OTHER);
    }
    Atomics.store(this.cells, STDIN, stdin);
    Atomics.store(this.cells, STATE, 0);
    return Atomics.add(this.cells, GENERATION, 1) + 1;
  }
  stdin() {
    return Atomics.load(this.cells, STDIN);
  }

  // The first status recorded stays. True for the thread that recorded it. Wakes every thread that
  // is blocked in a host call.
  end(kind, code, message = '') {
    if (Atomics.compareExchange(this.cells, STATE, 0, 1) !== 0) return false;
    if (message) this.append(FD_STDERR, new TextEncoder().encode(message + '\n'));
    Atomics.store(this.cells, KIND, kind);
    Atomics.store(this.cells, CODE, code);
    Atomics.store(this.cells, STATE, 2);
    Atomics.notify(this.cells, STATE);
    return true;
  }
  ended() {
    return Atomics.load(this.cells, STATE) !== 0;
  }
  // Blocks until the group ends or `milliseconds` (Infinity: no limit) have passed.
  wait_for_end(milliseconds) {
    Atomics.wait(this.cells, STATE, 0, milliseconds);
    return this.ended();
  }
  status() {
    while (Atomics.load(this.cells, STATE) === 1) Atomics.wait(this.cells, STATE, 1, 1);
    return { kind: Atomics.load(this.cells, KIND), code: Atomics.load(this.cells, CODE) };
  }

  // A new tid in [1, 2^29), or 0 when `limit` threads live.
  begin_thread(limit) {
    for (;;) {
      const live = Atomics.load(this.cells, LIVE);
      if (live >= limit) return 0;
      if (Atomics.compareExchange(this.cells, LIVE, live, live + 1) === live) break;
    }
    // The limit of live threads is far below the range, and a tid comes again only after 2^29
    // spawns: none that lives has it.
    for (;;) {
      const tid = Atomics.load(this.cells, NEXT_TID);
      const next = tid + 1 < 1 << 29 ? tid + 1 : 1;
      if (Atomics.compareExchange(this.cells, NEXT_TID, tid, next) === tid) return tid;
    }
  }
  end_thread() {
    Atomics.sub(this.cells, LIVE, 1);
    Atomics.notify(this.cells, LIVE);
  }
  // True when every spawned thread has ended within `milliseconds`.
  threads_have_ended(milliseconds) {
    const until = performance.now() + milliseconds;
    for (;;) {
      const live = Atomics.load(this.cells, LIVE);
      if (live === 0) return true;
      const left = until - performance.now();
      if (left <= 0) return false;
      Atomics.wait(this.cells, LIVE, live, left);
    }
  }

  fd_kind(fd) {
    return fd < FDS ? Atomics.load(this.cells, FD_KIND + fd) : FD_OTHER;
  }
  set_fd_kind(fd, kind) {
    if (fd < FDS) Atomics.store(this.cells, FD_KIND + fd, kind);
  }

  // One call is one piece of the output: calls of several threads do not interleave.
  append(kind, data) {
    const size_cell = kind === FD_STDOUT ? OUT_SIZE : ERR_SIZE;
    const cut_cell = kind === FD_STDOUT ? OUT_CUT : ERR_CUT;
    while (Atomics.compareExchange(this.cells, LOCK, 0, 1) !== 0) {
      Atomics.wait(this.cells, LOCK, 1, 1);
    }
    const size = Atomics.load(this.cells, size_cell);
    const room = Math.min(OUTPUT_LIMIT - size, data.length);
    this.bytes.set(room < data.length ? data.subarray(0, room) : data,
                   (kind === FD_STDOUT ? OUT_AT : ERR_AT) + size);
    Atomics.store(this.cells, size_cell, size + room);
    if (room < data.length) Atomics.store(this.cells, cut_cell, 1);
    Atomics.store(this.cells, LOCK, 0);
    Atomics.notify(this.cells, LOCK, 1);
  }
  output() {
    const cut = (at, size) => this.bytes.slice(at, at + Atomics.load(this.cells, size));
    return {
      out: cut(OUT_AT, OUT_SIZE),
      err: cut(ERR_AT, ERR_SIZE),
      out_truncated: Atomics.load(this.cells, OUT_CUT) !== 0,
      err_truncated: Atomics.load(this.cells, ERR_CUT) !== 0,
    };
  }

  // Never less than any thread has seen before.
  monotonic(now) {
    for (;;) {
      const last = Atomics.load(this.clock, 0);
      if (now <= last) return last;
      if (Atomics.compareExchange(this.clock, 0, last, now) === last) return now;
    }
  }
}

module.exports = {
  Arena, END_EXIT, END_TRAP, END_ERROR, STDIN_CLOSED, STDIN_OPEN, STDIN_TEXT,
  FD_OTHER, FD_STDIN, FD_STDOUT, FD_STDERR, FDS,
};

// poll_oneoff: clocks and the readiness of descriptors. Blocks on the status of the group, so that
// its end wakes the caller. Files and output are always ready; an open standard input never is.
'use strict';

const { STDIN_OPEN, FD_OTHER, FD_STDIN } = require('./arena.cjs');
const { EXIT } = require('./ending.cjs');
const clocks = require('./clocks.cjs');
const errno = require('./errno.json');

const SUBSCRIPTION = 48, EVENT = 32;
const TAG_CLOCK = 0, TAG_READ = 1, TAG_WRITE = 2;
const ABSTIME = 1;

function read_subscription(view, at) {
  const one = { userdata: view.getBigUint64(at, true), tag: view.getUint8(at + 8) };
  if (one.tag === TAG_CLOCK) {
    one.clock = view.getUint32(at + 16, true);
    one.timeout = view.getBigUint64(at + 24, true);
    one.absolute = (view.getUint16(at + 40, true) & ABSTIME) !== 0;
  } else {
    one.fd = view.getUint32(at + 16, true);
  }
  return one;
}

function make_poll({ guest, arena, ask }) {
  // The error number of an event that is due now, or null.
  function due(one) {
    if (one.tag === TAG_CLOCK) {
      if (one.deadline === null) return errno.inval;
      return clocks.now(one.clock, arena) >= one.deadline ? 0 : null;
    }
    if (one.tag !== TAG_READ && one.tag !== TAG_WRITE) return errno.inval;
    const kind = arena.fd_kind(one.fd);
    if (kind === FD_STDIN && one.tag === TAG_READ) return arena.stdin() === STDIN_OPEN ? null : 0;
    return kind === FD_OTHER ? ask('fd_is_open', [one.fd]).errno : 0;
  }

  return function poll_oneoff(input, output, count, result) {
    if (count === 0) return errno.inval;
    guest.check(output, count * EVENT);
    guest.check(result, 4);
    const view = new DataView(guest.read(input, count * SUBSCRIPTION).buffer);
    const list = Array.from({ length: count }, (_, i) => read_subscription(view, i * SUBSCRIPTION));
    for (const one of list) {
      if (one.tag !== TAG_CLOCK) continue;
      const now = one.clock <= clocks.MONOTONIC ? clocks.now(one.clock, arena) : null;
      one.deadline = now === null ? null : one.absolute ? one.timeout : now + one.timeout;
    }
    for (;;) {
      const events = [];
      for (const one of list) {
        const error = due(one);
        if (error !== null) events.push({ one, error });
      }
      if (events.length > 0) {
        const data = new Uint8Array(events.length * EVENT);
        const out = new DataView(data.buffer);
        events.forEach(({ one, error }, i) => {
          out.setBigUint64(i * EVENT, one.userdata, true);
          out.setUint16(i * EVENT + 8, error, true);
          out.setUint8(i * EVENT + 10, one.tag);
          if (one.tag !== TAG_CLOCK && error === 0) out.setBigUint64(i * EVENT + 16, 1n, true);
        });
        guest.write(output, data);
        guest.set_u32(result, events.length);
        return 0;
      }
      // Rounded up, so that a wait is not repeated for nothing; at most a day at a time.
      let wait = Infinity;
      for (const one of list) {
        if (one.tag !== TAG_CLOCK) continue;
        const left = one.deadline - clocks.now(one.clock, arena);
        wait = Math.min(wait, left > 86400000000000n ? 86400000 : Number(left) / 1e6 + 0.01);
      }
      if (arena.wait_for_end(Math.max(wait, 0))) throw EXIT;
    }
  };
}

module.exports = { make_poll };

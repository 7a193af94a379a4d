// The clocks of preview1 in nanoseconds. Every worker of one engine must agree on the monotonic
// one: Node's hrtime is the system's; elsewhere it counts from the worker's start, so the page's
// time origin is added, and the arena keeps it from ever going back between threads.
'use strict';

const process = require('node:process');

const REALTIME = 0, MONOTONIC = 1, PROCESS_CPU = 2, THREAD_CPU = 3;
const is_node = !globalThis.Deno && !globalThis.Bun;

function monotonic_now() {
  if (is_node) return process.hrtime.bigint();
  return BigInt(Math.trunc(performance.timeOrigin)) * 1000000n +
         BigInt(Math.trunc((performance.timeOrigin % 1 + performance.now()) * 1e6));
}
const micros = (usage) => BigInt(usage.user + usage.system) * 1000n;

// null: not supported.
function now(id, arena) {
  switch (id) {
    case REALTIME:
      return BigInt(Math.trunc((performance.timeOrigin + performance.now()) * 1e3)) * 1000n;
    case MONOTONIC:
      return arena.monotonic(monotonic_now());
    case PROCESS_CPU:
      return micros(process.cpuUsage());
    case THREAD_CPU:
      return null;  // workers are used again: their clock would count earlier threads too
    default:
      return null;
  }
}
function resolution(id) {
  if (id > THREAD_CPU) return null;
  if (id === THREAD_CPU) return null;
  return id === MONOTONIC && is_node ? 1n : 1000n;
}

module.exports = { now, resolution, REALTIME, MONOTONIC };

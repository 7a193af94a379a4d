// Which engine this is and what it accepts: asked by validating the smallest module that uses a
// feature. What the host itself provides is listed too.
'use strict';

const process = require('node:process');

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
// Bodies are a type () -> (), one function of it, and code, unless a section says otherwise.
const func = (...code) => [1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0,
                           10, code.length + 4, 1, code.length + 2, 0, ...code, 0x0b];
const PROBES = {
  threads: [5, 4, 1, 3, 1, 1],
  memory64: [5, 3, 1, 4, 1],
  'multi-memory': [5, 5, 2, 0, 1, 0, 1],
  simd: func(0x41, 0, 0xfd, 15, 0x1a),
  'tail-call': func(0x12, 0),
  exceptions: func(0x1f, 0x40, 0, 0x0b),
  gc: [1, 3, 1, 0x5f, 0],
};

function engine_facts() {
  const features = Object.keys(PROBES).filter(
      (name) => WebAssembly.validate(new Uint8Array([...HEADER, ...PROBES[name]])));
  features.push('wasi-threads', 'wasi-fs');
  if (globalThis.Deno) return { engine: 'deno', version: globalThis.Deno.version.deno, features };
  if (globalThis.Bun) return { engine: 'bun', version: globalThis.Bun.version, features };
  return { engine: 'node', version: process.version.slice(1), features };
}

module.exports = { engine_facts };

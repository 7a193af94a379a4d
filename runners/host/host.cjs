// The host program for JavaScript engines (Node, Deno, Bun): runs batches of cases for the parent,
// or one module by hand (by_hand.cjs), and supervises the workers in which all wasm runs. Owns the
// order of things; frames, workers, threads, WASI and files are in the files beside it.
//
// A case whose threads do not all end by themselves is the last of this process: the host answers,
// and leaves at once; the parent starts another one. Stopping a worker that spins is not possible
// everywhere.
'use strict';

const process = require('node:process');
const { Buffer } = require('node:buffer');
const { Arena, END_EXIT, END_TRAP } = require('./arena.cjs');
// Words on the command line: one module, run by hand. None: cases come from the parent.
const { read_frame, write_frame } =
    process.argv.length > 2 ? require('./by_hand.cjs') : require('./frames.cjs');
const { Files } = require('./files.cjs');
const { Pool } = require('./pool.cjs');
const { trap_names } = require('./ending.cjs');
const { engine_facts } = require('./features.cjs');

const LARGEST_BATCH = 256;
const GRACE = 40;  // milliseconds; longer than the worker's own

const arena = new Arena();
const pool = new Pool(arena, { answer: on_answer, ended: on_ended, call: on_call, lost: on_lost });
let cases = [];
let index = 0;     // of the case that runs
let first = 1;     // generation of case 0 of the batch
let files = null;  // of the case that runs; made at its first call

// `result`: {stage, status?, kind?, code?, message?, seconds, and what Arena.output gives}.
function write_answer(result, last) {
  const answer = { answer: index, stage: result.stage, status: result.status ?? 'error', last,
                   message: result.message, seconds: result.seconds };
  if (result.status === undefined && result.kind === END_EXIT) {
    answer.status = 'exit';
    answer.code = result.code;
  } else if (result.status === undefined && result.kind === END_TRAP) {
    answer.status = 'trap';
    answer.trap = trap_names[result.code];
  }
  answer.out = result.out.length;
  answer.err = result.err.length;
  answer.out_truncated = result.out_truncated;
  answer.err_truncated = result.err_truncated;
  write_frame(answer, result.out, result.err);
}

function leave() {
  process.kill(process.pid, 'SIGKILL');
}

function on_answer(result, clean) {
  files?.close();
  files = null;
  write_answer(result, !clean);
  if (!clean) leave();
  ++index;
  if (index === cases.length) next_batch();
}

// A spawned thread has ended the group. The main thread answers if it can; otherwise the process
// ends with it.
function on_ended(generation) {
  setTimeout(() => {
    if (generation !== first + index) return;
    write_answer({ stage: 'run', seconds: 0, ...arena.status(), ...arena.output() }, true);
    leave();
  }, GRACE);
}

// A worker died: nothing is known of what it ran.
function on_lost(message) {
  write_answer({ stage: 'run', status: 'error', message: `host: a worker died: ${message}`,
                 seconds: 0, ...arena.output() }, true);
  leave();
}

function on_call(call, args, data) {
  files ??= new Files(cases[index], arena);
  return files.serve(call, args, data);
}

function next_batch() {
  const frame = read_frame();
  if (frame === null) leave();
  let at = 0;
  const take = (size) => frame.bytes.subarray(at, at += size);
  first += cases.length;
  cases = frame.header.cases;
  index = 0;
  for (const one of cases) {
    one.wasm = new Uint8Array(take(one.wasm));
    one.stdin_text = new Uint8Array(take(one.stdin_bytes ?? 0));
  }
  pool.run_batch(cases.map(({ wasm, stdin }) => ({ wasm, stdin })));
}

// A parent that dies while a case spins closes a pipe that nobody reads.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) leave();
}, 1000);

write_frame({ hello: 'weft-host', protocol: 1, largest_batch: LARGEST_BATCH, ...engine_facts() },
            Buffer.alloc(0));
next_batch();

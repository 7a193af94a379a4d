// A worker: the first one runs the main threads of a batch's cases, one after the other; the others
// run spawned threads. Every worker runs wasm; the main thread of the process runs none.
'use strict';

const { workerData, parentPort } = require('node:worker_threads');
const { Arena, END_EXIT, STDIN_CLOSED, STDIN_OPEN, STDIN_TEXT } = require('./arena.cjs');
const { Reply } = require('./reply.cjs');
const { read_facts } = require('./module_facts.cjs');
const { link_problem, make_program, instantiate, run_thread, record } = require('./threads.cjs');

// How long the threads of a case that has ended may take to end by themselves, in milliseconds.
// Those that do not are ended with the process.
const GRACE = 25;

const arena = new Arena(workerData.arena);
const context = {
  arena,
  reply: new Reply(workerData.reply),
  post: (message) => parentPort.postMessage(message),
};
const STDIN = { closed: STDIN_CLOSED, open: STDIN_OPEN, text: STDIN_TEXT };

const rejected = (stage, error) => ({ stage, status: 'reject', message: String(error?.message ?? error) });
const host_error = (stage, error) => ({ stage, status: 'error', message: `host: ${error?.stack ?? error}` });

// One case up to the end of its main thread: {stage, status?, message?}. Without `status` the
// arena holds it.
function run_main(one) {
  const generation = arena.reset(STDIN[one.stdin]);
  let module;
  try {
    module = new WebAssembly.Module(one.wasm);
  } catch (error) {
    const refusal = error instanceof WebAssembly.CompileError || error instanceof RangeError;
    return refusal ? rejected('compile', error) : host_error('compile', error);
  }
  let program;
  try {
    const facts = read_facts(one.wasm);
    const problem = link_problem(facts);
    if (problem !== null) return rejected('link', problem);
    program = make_program(module, facts, generation);
  } catch (error) {
    const refusal = error instanceof RangeError || error instanceof TypeError;
    return refusal ? rejected('link', error) : host_error('link', error);
  }
  let instance;
  try {
    instance = instantiate(program, context);
  } catch (error) {
    if (error instanceof WebAssembly.LinkError || error instanceof TypeError) {
      return rejected('link', error);
    }
    record(error, arena);
    return { stage: 'link' };
  }
  if (typeof instance.exports._start !== 'function') return rejected('link', 'no function _start is exported');
  try {
    instance.exports._start();
    arena.end(END_EXIT, 0);
  } catch (error) {
    record(error, arena);
  }
  return { stage: 'run' };
}

function run_batch(cases) {
  for (const one of cases) {
    const start = performance.now();
    const result = run_main(one);
    if (result.status === undefined) Object.assign(result, arena.status());
    const clean = arena.threads_have_ended(GRACE);
    // The output travels with the answer: the next case begins before the main thread sees this.
    const seconds = (performance.now() - start) / 1000;
    context.post({ answer: { ...result, seconds, ...arena.output() }, clean });
    if (!clean) return;
  }
}

parentPort.on('message', (message) => {
  if (message.batch) {
    run_batch(message.batch);
    return;
  }
  const ended = run_thread(message.thread, context);
  if (ended) context.post({ ended: message.thread.program.generation });
  context.post({ free: true });
  arena.end_thread();
});
context.post({ ready: true });

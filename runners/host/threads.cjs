// wasi.thread-spawn over workers: a new instance of the same module with the same imports for each
// thread, entered at wasi_thread_start(tid, arg). Provided by weft: never counted for or against
// the engine.
//
// thread-spawn gives a negative result when the entry is missing or has another type, when too many
// threads live, when a memory cannot be shared, and when the instantiation traps. It waits for the
// instantiation only where that can trap (module_facts.cjs), for at most a second: a start function
// that waits for its spawner must not stop both.
'use strict';

const { END_ERROR } = require('./arena.cjs');
const { EXIT, ending_of } = require('./ending.cjs');
const { Reply, VERDICT_STARTED, VERDICT_FAILED } = require('./reply.cjs');
const { wasi_functions } = require('./wasi.cjs');
const errno = require('./errno.json');
const signatures = require('./wasi_signatures.json');

const LIVE_LIMIT = 64;
const SPAWN_TYPE = 'i32 -> i32';
const ENTRY_TYPE = 'i32 i32 ->';

// Why the imports cannot be satisfied, or null. The JavaScript API does not compare the types of
// imported functions with ours, so we do.
function link_problem(facts) {
  for (const { module, name, kind, type } of facts.imports) {
    if (kind === 'memory') continue;
    let wanted;
    if (kind === 'func') {
      if (module === 'wasi' && name === 'thread-spawn') wanted = SPAWN_TYPE;
      if (module === 'wasi_snapshot_preview1') wanted = signatures[name];
    }
    if (wanted === undefined) return `unknown import: ${kind} ${module}.${name}`;
    if (wanted !== type) return `incompatible import type: ${module}.${name} is ${wanted}, not ${type}`;
  }
  return null;
}

function memory_of(limits) {
  const number = (value) => (limits.is64 ? BigInt(value) : value);
  const descriptor = { initial: number(limits.initial), shared: limits.shared };
  if (limits.maximum !== undefined) descriptor.maximum = number(limits.maximum);
  if (limits.is64) descriptor.address = 'i64';
  return new WebAssembly.Memory(descriptor);
}

// What every thread of a program shares, as it travels between workers. Two imports of one name
// are one memory.
function make_program(module, facts, generation) {
  const by_name = new Map();
  const memories = facts.imports.filter((one) => one.kind === 'memory').map((one) => {
    const name = JSON.stringify([one.module, one.name]);
    if (!by_name.has(name)) by_name.set(name, memory_of(one.limits));
    return by_name.get(name);
  });
  return {
    module,
    generation,
    imports: facts.imports.map(({ module, name, kind }) => ({ module, name, kind })),
    memories,
    may_trap: facts.instantiation_may_trap,
    can_spawn: facts.exports.get('wasi_thread_start')?.type === ENTRY_TYPE,
  };
}

// A new instance of the program for the calling worker. `context`: {arena, reply, post}.
function instantiate(program, context) {
  let instance;
  const wasi = wasi_functions({
    ...context,
    memory: () => instance?.exports.memory ?? program.memories[0],
  });
  const spawn = (arg) => {
    if (context.arena.ended()) throw EXIT;
    if (!program.can_spawn) return -errno.inval;
    const tid = context.arena.begin_thread(LIVE_LIMIT);
    if (tid === 0) return -errno.again;
    if (program.may_trap) context.reply.expect();
    try {
      context.post({ spawn: { program, tid, arg, verdict: program.may_trap ? context.reply.buffer : null } });
    } catch (error) {  // an import that cannot leave its thread
      context.arena.end_thread();
      return -errno.notsup;
    }
    if (program.may_trap &&
        context.reply.verdict(1000, () => context.arena.ended()) === VERDICT_FAILED) {
      return -errno.inval;
    }
    if (context.arena.ended()) throw EXIT;
    return tid;
  };
  const imports = {};
  let next_memory = 0;
  for (const { module, name, kind } of program.imports) {
    imports[module] ??= {};
    if (kind === 'memory') {
      imports[module][name] = program.memories[next_memory++];
    } else {
      imports[module][name] = module === 'wasi' ? spawn : wasi[name];
    }
  }
  instance = new WebAssembly.Instance(program.module, imports);
  return instance;
}

// Records how the calling thread ended the group, if it did; true when its status stayed.
function record(error, arena) {
  const ending = ending_of(error);
  return ending !== null && arena.end(ending.kind, ending.code, ending.message);
}

// The life of a spawned thread. True when this thread ended the group.
function run_thread({ program, tid, arg, verdict }, context) {
  const { arena } = context;
  if (arena.ended()) return false;
  const spawner = verdict ? new Reply(verdict) : null;
  let instance;
  try {
    instance = instantiate(program, context);
  } catch (error) {
    if (error === EXIT) return true;
    if (spawner !== null && spawner.judge(VERDICT_FAILED)) return false;
    if (error instanceof WebAssembly.LinkError || error instanceof TypeError) {
      return arena.end(END_ERROR, 0, `host: a thread's instance: ${error.message}`);
    }
    return record(error, arena);
  }
  spawner?.judge(VERDICT_STARTED);
  try {
    instance.exports.wasi_thread_start(tid, arg);
  } catch (error) {
    return record(error, arena) || error === EXIT;
  }
  return false;
}

module.exports = { link_problem, make_program, instantiate, run_thread, record };

// How a thread of the guest ends: the exit that unwinds it, and the kind of a trap from the words
// of the engine (traps.json). Knows nothing of cases.
'use strict';

const { END_TRAP, END_ERROR } = require('./arena.cjs');
const traps = require('./traps.json');

// Thrown by host functions when the group has ended. Wasm cannot go on after it.
const EXIT = Object.freeze({ weft_exit: true });

const patterns = (globalThis.Bun ? traps.jsc : traps.v8).map(([text, kind]) => {
  const index = traps.names.indexOf(kind);
  if (index < 0) throw new Error(`traps.json: ${kind} is no name of a trap`);
  return { pattern: new RegExp(text), index };
});
const NO_NAME = traps.names.indexOf('');

function trap_index(message) {
  return patterns.find((one) => one.pattern.test(message))?.index ?? NO_NAME;
}

// {kind, code, message} of an exception that left the guest, or null for EXIT.
function ending_of(error) {
  if (error === EXIT) return null;
  const message = String(error?.message ?? error);
  if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
    return { kind: END_TRAP, code: trap_index(message), message: `trap: ${message}` };
  }
  if (WebAssembly.Exception && error instanceof WebAssembly.Exception) {
    return { kind: END_TRAP, code: trap_index('wasm exception'), message: 'trap: uncaught exception' };
  }
  // JavaScriptCore and V8 throw a TypeError for a wait on unshared memory.
  if (/shared/.test(message)) {
    return { kind: END_TRAP, code: traps.names.indexOf('expected shared memory'),
             message: `trap: ${message}` };
  }
  return { kind: END_ERROR, code: 0, message: `host: ${error?.stack ?? message}` };
}

module.exports = { EXIT, ending_of, trap_names: traps.names };

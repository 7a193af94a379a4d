// The host program without weft: `host.cjs [--env NAME=VALUE] [--dir HOST::GUEST] [--stdin MODE]
// MODULE [ARGUMENT...]` runs one module and ends as it does. Speaks the interface of frames.cjs, so
// that the same host runs the same case; knows no protocol.
//
// Exit codes: the guest's own; 134 after a trap, 1 when the engine refused the module, 2 for a
// command line that cannot be read, 99 when the host failed.
'use strict';

const fs = require('node:fs');
const process = require('node:process');
const { Buffer } = require('node:buffer');

const TRAP = 134, REFUSED = 1, USAGE = 2, FAILED = 99;

// Ends the process at once, also while a thread of the guest spins.
function leave(code) {
  (process.reallyExit ?? process.exit).call(process, code);
}

function refuse(what) {
  fs.writeSync(2, `host.cjs: ${what}\nusage: host.cjs [--env NAME=VALUE]... [--dir HOST::GUEST]... ` +
                  '[--stdin closed|open|text] MODULE [ARGUMENT...]\n');
  leave(USAGE);
}

function split(text, mark) {
  const at = text.indexOf(mark);
  if (at < 0) refuse(`${text}: there is no ${mark} in it`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}

// What `take` gives, or the end with the words of the error.
function from_disk(take, path) {
  try {
    return take(path);
  } catch (error) {
    return refuse(error.message);
  }
}

function the_case() {
  const words = process.argv.slice(2);
  const one = { id: 'by hand', args: [], env: {}, dirs: [], stdin: 'text' };
  while (words[0]?.startsWith('--')) {
    const option = words.shift(), value = words.shift();
    if (value === undefined) refuse(`${option} without a value`);
    if (option === '--env') {
      const [name, text] = split(value, '=');
      one.env[name] = text;
    } else if (option === '--dir') {
      const [host, guest] = split(value, '::');
      one.dirs.push({ host: from_disk(fs.realpathSync, host), guest });
    } else if (option === '--stdin' && ['closed', 'open', 'text'].includes(value)) {
      one.stdin = value;
    } else {
      refuse(`${option} ${value} is not known`);
    }
  }
  if (words.length === 0) refuse('no module is named');
  const wasm = from_disk(fs.readFileSync, words.shift());
  const input = one.stdin === 'text' && !process.stdin.isTTY ? from_disk(fs.readFileSync, 0) : new Uint8Array(0);
  one.args = words;
  one.wasm = wasm.length;
  one.stdin_bytes = input.length;
  return { header: { cases: [one] }, bytes: Buffer.concat([wasm, input]) };
}

let taken = false;

function read_frame() {
  if (taken) return null;
  taken = true;
  return the_case();
}

function write_all(to, data) {
  for (let at = 0; at < data.length;) {
    try {
      at += fs.writeSync(to, data, at, data.length - at);
    } catch (error) {
      if (error.code === 'EPIPE') return;
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

// The host's answers: only the one that ends the case matters.
function write_frame(answer, out, err) {
  if (answer.status === undefined) return;
  write_all(1, out);
  write_all(2, err);
  if (answer.message) write_all(2, Buffer.from(`host.cjs: ${answer.message}\n`));
  const codes = { exit: answer.code, trap: TRAP, reject: REFUSED };
  leave(codes[answer.status] ?? FAILED);
}

module.exports = { read_frame, write_frame };

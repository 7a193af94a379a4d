// The workers: one for the main threads of cases, the others for spawned threads, kept warm between
// cases because starting one takes milliseconds. Relays messages; decides nothing about cases.
'use strict';

const path = require('node:path');
const { Worker } = require('node:worker_threads');
const { Reply } = require('./reply.cjs');

const WARM = 1;  // workers for spawned threads that are started before they are needed

class Pool {
  // `handlers`: {answer(result, clean), ended(generation), call(name, args, data) ->
  // {errno, data}, lost(message)}.
  constructor(arena, handlers) {
    this.arena = arena;
    this.handlers = handlers;
    this.idle = [];
    this.main = this.start();
    for (let i = 0; i < WARM; ++i) this.idle.push(this.start());
  }

  start() {
    const reply = new Reply();
    const worker = new Worker(path.join(__dirname, 'worker.cjs'),
                              { workerData: { arena: this.arena.buffer, reply: reply.buffer } });
    worker.on('message', (message) => this.on_message(worker, reply, message));
    worker.on('error', (error) => this.handlers.lost(String(error?.message ?? error)));
    worker.on('exit', (code) => this.handlers.lost(`exit code ${code}`));
    return worker;
  }

  run_batch(batch) {
    this.main.postMessage({ batch });
  }

  on_message(worker, reply, message) {
    if (message.call) {
      const { errno, data } = this.handlers.call(message.call, message.args, message.data);
      reply.give(errno, data);
    } else if (message.spawn) {
      const thread = this.idle.pop() ?? this.start();
      thread.postMessage({ thread: message.spawn });
    } else if (message.free) {
      this.idle.push(worker);
    } else if (message.ended !== undefined) {
      this.handlers.ended(message.ended);
    } else {
      this.handlers.answer(message.answer, message.clean);
    }
  }
}

module.exports = { Pool };

// The workers: one for the main threads of cases, the others for spawned threads, kept warm between
// cases because starting one takes milliseconds. Relays messages; decides nothing about cases.
'use strict';

const path = require('node:path');
const { Worker } = require('node:worker_threads');
const { Reply } = require('./reply.cjs');

const WARM = 1;  // workers for spawned threads that are started before they are needed
// How many workers may be starting at a time. Threads that find none ready wait for one that is,
// so a storm of short threads does not start a worker for each.
const STARTING = 2;

class Pool {
  // `handlers`: {answer(result, clean), ended(generation), call(name, args, data) ->
  // {errno, data}, lost(message)}.
  constructor(arena, handlers) {
    this.arena = arena;
    this.handlers = handlers;
    this.idle = [];
    this.waiting = [];  // threads without a worker
    this.starting = 0;
    this.main = this.start();
    for (let i = 0; i < WARM; ++i) this.add();
  }

  add() {
    ++this.starting;
    this.start();
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
      const idle = this.idle.pop();
      if (idle) {
        idle.postMessage({ thread: message.spawn });
        return;
      }
      this.waiting.push(message.spawn);
      if (this.starting < STARTING) this.add();
    } else if (message.ready || message.free) {
      if (worker === this.main) return;
      if (message.ready) --this.starting;
      const thread = this.waiting.shift();
      if (thread === undefined) {
        this.idle.push(worker);
      } else {
        worker.postMessage({ thread });
        if (this.waiting.length > 0 && this.starting < STARTING) this.add();
      }
    } else if (message.ended !== undefined) {
      this.handlers.ended(message.ended);
    } else {
      this.handlers.answer(message.answer, message.clean);
    }
  }
}

module.exports = { Pool };

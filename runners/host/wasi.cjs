// wasi_snapshot_preview1 for the guest's threads, over shared memory. Provided by weft: never
// counted for or against the engine.
//
// Where state lives: status of the group, captured output and the kinds of descriptors 0 to 63 are
// in the arena (shared memory, so writing to standard output costs no message); the table of
// descriptors itself and every file belong to the main thread (files.cjs), which serves one call
// after the other: a call that goes there is atomic with respect to all others. A call blocks on
// its worker's reply cell, a call that may block for ever on the group's status, so the end of the
// group wakes it. No view of guest memory is kept across calls, and what is read is read once.
'use strict';

const { END_EXIT, END_TRAP, STDIN_CLOSED, STDIN_OPEN, FD_STDIN, FD_STDOUT,
        FD_STDERR } = require('./arena.cjs');
const { EXIT, trap_names } = require('./ending.cjs');
const clocks = require('./clocks.cjs');
const { GuestMemory, FAULT } = require('./guest_memory.cjs');
const { make_poll } = require('./poll.cjs');
const reply_layout = require('./reply.cjs');
const errno = require('./errno.json');
const signatures = require('./wasi_signatures.json');

const { crypto } = globalThis.crypto ? globalThis : { crypto: require('node:crypto').webcrypto };
const LARGEST_READ = reply_layout.DATA;

// {arena, reply, post, memory} -> an object with every function of preview1.
function wasi_functions({ arena, reply, post, memory }) {
  const guest = new GuestMemory(memory);

  // A call to the main thread: {errno, data}.
  function ask(call, args, data = null) {
    reply.clear();
    post({ call, args, data });
    const answer = reply.take();
    if (arena.ended()) throw EXIT;
    return answer;
  }
  // The common form: the answer's bytes go to `pointer`, cut at `limit`.
  function ask_into(pointer, call, args, data = null) {
    const answer = ask(call, args, data);
    if (answer.errno === 0) guest.write(pointer, answer.data);
    return answer.errno;
  }
  const path = (pointer, size) => guest.text(pointer, size);

  // The strings of args or environ: an array of pointers and the NUL-terminated bytes.
  function strings_get(what, pointers, buffer) {
    const { data } = ask(what, []);
    let start = 0;
    let index = 0;
    data.forEach((byte, at) => {
      if (byte !== 0) return;
      guest.set_u32(pointers + 4 * index++, buffer + start);
      start = at + 1;
    });
    guest.write(buffer, data);
    return 0;
  }
  function strings_sizes(what, count, size) {
    const { data } = ask(what, []);
    guest.set_u32(count, data.reduce((n, byte) => n + (byte === 0), 0));
    guest.set_u32(size, data.length);
    return 0;
  }

  function read(fd, vectors, count, result, offset) {
    const list = guest.vectors(vectors, count);
    const wanted = Math.min(list.reduce((sum, one) => sum + one.size, 0), LARGEST_READ);
    guest.check(result, 4);
    if (offset === null && arena.fd_kind(fd) === FD_STDIN) {
      if (arena.stdin() === STDIN_OPEN) {
        while (!arena.wait_for_end(Infinity));
        throw EXIT;
      }
      if (arena.stdin() === STDIN_CLOSED) {
        guest.set_u32(result, 0);
        return 0;
      }
    }
    const answer = ask(offset === null ? 'fd_read' : 'fd_pread', [fd, wanted, offset]);
    if (answer.errno !== 0) return answer.errno;
    guest.scatter(list, answer.data);
    guest.set_u32(result, answer.data.length);
    return 0;
  }
  function write(fd, vectors, count, result, offset) {
    const data = guest.gather(guest.vectors(vectors, count));
    guest.check(result, 4);
    const kind = arena.fd_kind(fd);
    let written = data.length;
    if (offset === null && (kind === FD_STDOUT || kind === FD_STDERR)) {
      if (arena.ended()) throw EXIT;
      arena.append(kind, data);
    } else {
      const answer = ask(offset === null ? 'fd_write' : 'fd_pwrite', [fd, offset], data);
      if (answer.errno !== 0) return answer.errno;
      written = new DataView(answer.data.buffer).getUint32(0, true);
    }
    guest.set_u32(result, written);
    return 0;
  }

  const functions = {
    args_get: (pointers, buffer) => strings_get('args', pointers, buffer),
    args_sizes_get: (count, size) => strings_sizes('args', count, size),
    environ_get: (pointers, buffer) => strings_get('environ', pointers, buffer),
    environ_sizes_get: (count, size) => strings_sizes('environ', count, size),

    clock_res_get(id, result) {
      const resolution = clocks.resolution(id);
      if (resolution === null) return errno.inval;
      guest.set_u64(result, resolution);
      return 0;
    },
    clock_time_get(id, precision, result) {
      guest.check(result, 8);
      const now = clocks.now(id, arena);
      if (now === null) return errno.inval;
      guest.set_u64(result, now);
      return 0;
    },
    random_get(pointer, size) {
      guest.check(pointer, size);
      for (let at = 0; at < size; at += 65536) {
        guest.write(pointer + at, crypto.getRandomValues(new Uint8Array(Math.min(65536, size - at))));
      }
      return 0;
    },
    sched_yield: () => 0,
    proc_exit(code) {
      arena.end(END_EXIT, code >>> 0);
      throw EXIT;
    },
    proc_raise(signal) {
      if (signal === 0) return 0;
      arena.end(END_TRAP, trap_names.indexOf(''), `trap: signal ${signal} raised`);
      throw EXIT;
    },
    poll_oneoff: make_poll({ guest, arena, ask }),

    fd_read: (fd, vectors, count, result) => read(fd, vectors, count, result, null),
    fd_pread: (fd, vectors, count, offset, result) => read(fd, vectors, count, result, offset),
    fd_write: (fd, vectors, count, result) => write(fd, vectors, count, result, null),
    fd_pwrite: (fd, vectors, count, offset, result) => write(fd, vectors, count, result, offset),
    fd_seek: (fd, offset, whence, result) => ask_into(result, 'fd_seek', [fd, offset, whence]),
    fd_tell: (fd, result) => ask_into(result, 'fd_seek', [fd, 0n, 1]),
    fd_fdstat_get: (fd, result) => ask_into(result, 'fd_fdstat_get', [fd]),
    fd_filestat_get: (fd, result) => ask_into(result, 'fd_filestat_get', [fd]),
    fd_prestat_get: (fd, result) => ask_into(result, 'fd_prestat_get', [fd]),
    fd_prestat_dir_name(fd, pointer, size) {
      const answer = ask('fd_prestat_dir_name', [fd]);
      if (answer.errno !== 0) return answer.errno;
      if (answer.data.length > size) return errno.nametoolong;
      guest.write(pointer, answer.data);
      return 0;
    },
    fd_readdir(fd, buffer, size, cookie, result) {
      guest.check(buffer, size);
      const answer = ask('fd_readdir', [fd, Math.min(size, LARGEST_READ), cookie]);
      if (answer.errno !== 0) return answer.errno;
      guest.write(buffer, answer.data);
      guest.set_u32(result, answer.data.length);
      return 0;
    },
    path_open(fd, flags, pointer, size, oflags, rights, inheriting, fdflags, result) {
      guest.check(result, 4);
      return ask_into(result, 'path_open', [fd, flags, path(pointer, size), oflags, rights, fdflags]);
    },
    path_filestat_get: (fd, flags, pointer, size, result) =>
        ask_into(result, 'path_filestat_get', [fd, flags, path(pointer, size)]),
    path_filestat_set_times: (fd, flags, pointer, size, atime, mtime, what) =>
        ask('path_filestat_set_times', [fd, flags, path(pointer, size), atime, mtime, what]).errno,
    path_create_directory: (fd, pointer, size) =>
        ask('path_create_directory', [fd, path(pointer, size)]).errno,
    path_remove_directory: (fd, pointer, size) =>
        ask('path_remove_directory', [fd, path(pointer, size)]).errno,
    path_unlink_file: (fd, pointer, size) => ask('path_unlink_file', [fd, path(pointer, size)]).errno,
    path_rename: (fd, old_pointer, old_size, new_fd, new_pointer, new_size) =>
        ask('path_rename', [fd, path(old_pointer, old_size), new_fd, path(new_pointer, new_size)]).errno,
    path_link: (fd, flags, old_pointer, old_size, new_fd, new_pointer, new_size) =>
        ask('path_link', [fd, path(old_pointer, old_size), new_fd, path(new_pointer, new_size)]).errno,
    path_symlink: (old_pointer, old_size, fd, new_pointer, new_size) =>
        ask('path_symlink', [path(old_pointer, old_size), fd, path(new_pointer, new_size)]).errno,
    path_readlink(fd, pointer, size, buffer, room, result) {
      const answer = ask('path_readlink', [fd, path(pointer, size)]);
      if (answer.errno !== 0) return answer.errno;
      const cut = answer.data.subarray(0, room);
      guest.write(buffer, cut);
      guest.set_u32(result, cut.length);
      return 0;
    },
  };
  // Functions whose arguments are plain numbers and whose answer is an error number.
  for (const name of ['fd_advise', 'fd_allocate', 'fd_close', 'fd_datasync', 'fd_fdstat_set_flags',
                      'fd_fdstat_set_rights', 'fd_filestat_set_size', 'fd_filestat_set_times',
                      'fd_renumber', 'fd_sync', 'sock_accept', 'sock_recv', 'sock_send',
                      'sock_shutdown']) {
    functions[name] = (...args) => ask(name, args).errno;
  }

  // Pointers and sizes come as signed numbers: the guest means them unsigned.
  for (const [name, type] of Object.entries(signatures)) {
    const inner = functions[name];
    const parameters = type.split('->')[0].trim().split(' ');
    functions[name] = (...args) => {
      if (arena.ended()) throw EXIT;
      for (let i = 0; i < args.length; ++i) if (parameters[i] === 'i32') args[i] >>>= 0;
      try {
        return inner(...args);
      } catch (error) {
        if (error === FAULT) return errno.fault;
        throw error;
      }
    };
  }
  return functions;
}

module.exports = { wasi_functions };

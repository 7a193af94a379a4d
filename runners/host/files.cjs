// The table of file descriptors of one case and its files, on the main thread of the process: one
// call after the other, so every call is atomic with respect to those of other threads. Descriptors
// of the system never leave it. Numbers 0 to 2 are emulated, preopened directories begin at 3.
'use strict';

const fs = require('node:fs');
const { FD_OTHER, FD_STDIN, FD_STDOUT, FD_STDERR } = require('./arena.cjs');
const { resolve, Refused } = require('./paths.cjs');
const errno = require('./errno.json');
const layout = require('./wasi_layout.cjs');

const O = fs.constants;
const SYMLINK_FOLLOW = 1;
const CREAT = 1, DIRECTORY = 2, EXCL = 4, TRUNC = 8;
const APPEND = 1;
const RIGHT_READ = 1n << 1n, RIGHT_WRITE = 1n << 6n;

function strings(list) {
  return new TextEncoder().encode(list.map((one) => one + '\0').join(''));
}

class Files {
  // `one`: the case as the parent sent it.
  constructor(one, arena) {
    this.arena = arena;
    this.arg_strings = strings(['module.wasm', ...(one.args ?? [])]);
    this.env_strings = strings(Object.entries(one.env ?? {}).map(([key, value]) => `${key}=${value}`));
    this.table = new Map([[0, { kind: FD_STDIN, data: one.stdin_text, offset: 0 }],
                          [1, { kind: FD_STDOUT }], [2, { kind: FD_STDERR }]]);
    for (const { host, guest } of one.dirs ?? []) {
      this.add({ kind: FD_OTHER, directory: fs.realpathSync(host), name: guest, flags: 0 });
    }
  }
  close() {
    for (const entry of this.table.values()) this.release(entry);
  }

  // {errno, data} of one call; data where the function gives some.
  serve(call, args, data) {
    try {
      return { errno: 0, data: this[call](...args, data) };
    } catch (error) {
      const name = String(error.code ?? '').replace(/^E/, '').toLowerCase();
      return { errno: errno[name] ?? errno.io };
    }
  }

  add(entry) {
    let fd = 3;
    while (this.table.has(fd)) ++fd;
    this.table.set(fd, entry);
    return fd;
  }
  release(entry) {
    if (entry.os !== undefined) fs.closeSync(entry.os);
  }
  entry(fd) {
    const entry = this.table.get(fd);
    if (!entry) throw new Refused('EBADF');
    return entry;
  }
  file(fd) {
    const entry = this.entry(fd);
    if (entry.os === undefined) throw new Refused(entry.directory ? 'EISDIR' : 'ESPIPE');
    return entry;
  }
  directory(fd) {
    const entry = this.entry(fd);
    if (!entry.directory) throw new Refused('ENOTDIR');
    return entry.directory;
  }
  stat(fd) {
    const entry = this.entry(fd);
    if (entry.os !== undefined) return fs.fstatSync(entry.os, { bigint: true });
    return entry.directory ? fs.statSync(entry.directory, { bigint: true }) : null;
  }

  // NUL-terminated strings.
  args() {
    return this.arg_strings;
  }
  environ() {
    return this.env_strings;
  }

  fd_is_open(fd) {
    this.entry(fd);
  }
  fd_close(fd) {
    this.release(this.entry(fd));
    this.table.delete(fd);
    this.arena.set_fd_kind(fd, FD_OTHER);
  }
  fd_renumber(from, to) {
    const entry = this.entry(from);
    const replaced = this.entry(to);
    if (from === to) return;
    this.table.set(to, entry);
    this.table.delete(from);
    this.arena.set_fd_kind(to, entry.kind);
    this.arena.set_fd_kind(from, FD_OTHER);
    this.release(replaced);
  }
  fd_read(fd, size) {
    const entry = this.entry(fd);
    if (entry.kind === FD_STDIN) {
      const data = entry.data.subarray(entry.offset, entry.offset + size);
      entry.offset += data.length;
      return data;
    }
    if (entry.kind !== FD_OTHER) throw new Refused('EBADF');
    const data = this.fd_pread(fd, size, BigInt(entry.offset ?? 0));
    entry.offset += data.length;
    return data;
  }
  fd_pread(fd, size, offset) {
    const entry = this.file(fd);
    if (!entry.readable) throw new Refused('EBADF');
    const data = new Uint8Array(size);
    return data.subarray(0, fs.readSync(entry.os, data, 0, size, Number(offset)));
  }
  fd_write(fd, _offset, data) {
    const entry = this.entry(fd);
    if (entry.kind === FD_STDOUT || entry.kind === FD_STDERR) {
      this.arena.append(entry.kind, data);
      return layout.u32(data.length);
    }
    if (entry.kind === FD_STDIN) throw new Refused('EBADF');
    const file = this.file(fd);
    if (file.flags & APPEND) file.offset = fs.fstatSync(file.os).size;
    const written = this.fd_pwrite(fd, BigInt(file.offset), data);
    file.offset += data.length;
    return written;
  }
  fd_pwrite(fd, offset, data) {
    const entry = this.file(fd);
    if (!entry.writable) throw new Refused('EBADF');
    for (let at = 0; at < data.length;) {
      at += fs.writeSync(entry.os, data, at, data.length - at, Number(offset) + at);
    }
    return layout.u32(data.length);
  }
  fd_seek(fd, offset, whence) {
    const entry = this.file(fd);
    if (whence > 2) throw new Refused('EINVAL');
    const base = [0, entry.offset, whence === 2 ? fs.fstatSync(entry.os).size : 0][whence];
    const target = BigInt(base) + offset;
    if (target < 0n || target > BigInt(Number.MAX_SAFE_INTEGER)) throw new Refused('EINVAL');
    entry.offset = Number(target);
    return layout.u64(target);
  }
  fd_sync(fd) {
    fs.fsyncSync(this.file(fd).os);
  }
  fd_datasync(fd) {
    fs.fdatasyncSync(this.file(fd).os);
  }
  fd_advise(fd) {
    this.file(fd);
  }
  fd_allocate() {
    throw new Refused('ENOTSUP');
  }
  fd_fdstat_get(fd) {
    const entry = this.entry(fd);
    const stat = this.stat(fd);
    return layout.fdstat(stat === null ? 0 : layout.filetype(stat), entry.flags ?? 0);
  }
  fd_fdstat_set_flags(fd, flags) {
    this.entry(fd).flags = flags;
  }
  fd_fdstat_set_rights(fd) {
    this.entry(fd);
  }
  fd_filestat_get(fd) {
    return layout.filestat(this.stat(fd));
  }
  fd_filestat_set_size(fd, size) {
    fs.ftruncateSync(this.file(fd).os, Number(size));
  }
  fd_filestat_set_times(fd, atime, mtime, what) {
    const entry = this.file(fd);
    const times = layout.times(fs.fstatSync(entry.os), atime, mtime, what);
    fs.futimesSync(entry.os, times.atime, times.mtime);
  }
  fd_prestat_get(fd) {
    const { name } = this.entry(fd);
    if (name === undefined) throw new Refused('EBADF');
    return layout.prestat(new TextEncoder().encode(name).length);
  }
  fd_prestat_dir_name(fd) {
    const { name } = this.entry(fd);
    if (name === undefined) throw new Refused('EBADF');
    return new TextEncoder().encode(name);
  }
  fd_readdir(fd, size, cookie) {
    const directory = this.directory(fd);
    const names = ['.', '..', ...fs.readdirSync(directory).sort()];
    return layout.directory_entries(directory, names, cookie, size);
  }

  path_open(fd, lookup, guest_path, oflags, rights, fdflags) {
    const target = resolve(this.directory(fd), guest_path, (lookup & SYMLINK_FOLLOW) !== 0);
    const stat = fs.lstatSync(target, { throwIfNoEntry: false });
    if (stat?.isSymbolicLink()) throw new Refused('ELOOP');
    if (stat && (oflags & EXCL) && (oflags & CREAT)) throw new Refused('EEXIST');
    if (stat?.isDirectory()) {
      if (rights & RIGHT_WRITE && !(oflags & DIRECTORY)) throw new Refused('EISDIR');
      return layout.u32(this.add({ kind: FD_OTHER, directory: target, flags: fdflags }));
    }
    if (oflags & DIRECTORY) throw new Refused(stat ? 'ENOTDIR' : 'ENOENT');
    const writable = (rights & RIGHT_WRITE) !== 0n || (oflags & TRUNC) !== 0;
    const readable = (rights & RIGHT_READ) !== 0n || !writable;
    let flags = writable ? (readable ? O.O_RDWR : O.O_WRONLY) : O.O_RDONLY;
    if (oflags & CREAT) flags |= O.O_CREAT;
    if (oflags & EXCL) flags |= O.O_EXCL;
    if (oflags & TRUNC) flags |= O.O_TRUNC;
    flags |= (O.O_NOFOLLOW ?? 0) | (O.O_NONBLOCK ?? 0);
    const os = fs.openSync(target, flags, 0o666);
    return layout.u32(this.add({ kind: FD_OTHER, os, offset: 0, readable, writable, flags: fdflags }));
  }
  path_filestat_get(fd, lookup, guest_path) {
    const target = resolve(this.directory(fd), guest_path, (lookup & SYMLINK_FOLLOW) !== 0);
    return layout.filestat(fs.lstatSync(target, { bigint: true }));
  }
  path_filestat_set_times(fd, lookup, guest_path, atime, mtime, what) {
    const target = resolve(this.directory(fd), guest_path, (lookup & SYMLINK_FOLLOW) !== 0);
    const times = layout.times(fs.lstatSync(target), atime, mtime, what);
    fs.lutimesSync(target, times.atime, times.mtime);
  }
  path_create_directory(fd, guest_path) {
    fs.mkdirSync(resolve(this.directory(fd), guest_path, false));
  }
  path_remove_directory(fd, guest_path) {
    fs.rmdirSync(resolve(this.directory(fd), guest_path, false));
  }
  path_unlink_file(fd, guest_path) {
    const target = resolve(this.directory(fd), guest_path, false);
    if (fs.lstatSync(target).isDirectory()) throw new Refused('EISDIR');
    fs.unlinkSync(target);
  }
  path_rename(fd, old_path, new_fd, new_path) {
    fs.renameSync(resolve(this.directory(fd), old_path, false),
                  resolve(this.directory(new_fd), new_path, false));
  }
  path_link(fd, old_path, new_fd, new_path) {
    fs.linkSync(resolve(this.directory(fd), old_path, false),
                resolve(this.directory(new_fd), new_path, false));
  }
  path_symlink(target, fd, new_path) {
    if (target.startsWith('/')) throw new Refused('EPERM');
    fs.symlinkSync(target, resolve(this.directory(fd), new_path, false));
  }
  path_readlink(fd, guest_path) {
    return new TextEncoder().encode(fs.readlinkSync(resolve(this.directory(fd), guest_path, false)));
  }

  sock_accept(fd) {
    this.entry(fd);
    throw new Refused('ENOTSOCK');
  }
  sock_recv(fd) {
    this.sock_accept(fd);
  }
  sock_send(fd) {
    this.sock_accept(fd);
  }
  sock_shutdown(fd) {
    this.sock_accept(fd);
  }
}

module.exports = { Files };

// How preview1 lays its structures out in memory, and its numbers for kinds of files.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const UNKNOWN = 0, BLOCK = 1, CHARACTER = 2, DIRECTORY = 3, REGULAR = 4, STREAM = 6, LINK = 7;
const ALL_RIGHTS = (1n << 30n) - 1n;
const SET_ATIME = 1, SET_ATIME_NOW = 2, SET_MTIME = 4, SET_MTIME_NOW = 8;

function filetype(stat) {
  if (stat.isFile()) return REGULAR;
  if (stat.isDirectory()) return DIRECTORY;
  if (stat.isSymbolicLink()) return LINK;
  if (stat.isCharacterDevice()) return CHARACTER;
  if (stat.isBlockDevice()) return BLOCK;
  return stat.isSocket() ? STREAM : UNKNOWN;
}

function struct(size, fill) {
  const data = new Uint8Array(size);
  fill(new DataView(data.buffer));
  return data;
}
const u32 = (value) => struct(4, (view) => view.setUint32(0, value, true));
const u64 = (value) => struct(8, (view) => view.setBigUint64(0, value, true));
const prestat = (size) => struct(8, (view) => view.setUint32(4, size, true));

function fdstat(type, flags) {
  return struct(24, (view) => {
    view.setUint8(0, type);
    view.setUint16(2, flags, true);
    view.setBigUint64(8, ALL_RIGHTS, true);
    view.setBigUint64(16, ALL_RIGHTS, true);
  });
}
// `stat` with 64-bit fields; null: a stream of ours.
function filestat(stat) {
  return struct(64, (view) => {
    if (stat === null) return;
    view.setBigUint64(0, BigInt.asUintN(64, stat.dev), true);
    view.setBigUint64(8, BigInt.asUintN(64, stat.ino), true);
    view.setUint8(16, filetype(stat));
    view.setBigUint64(24, stat.nlink, true);
    view.setBigUint64(32, stat.size, true);
    view.setBigUint64(40, stat.atimeNs, true);
    view.setBigUint64(48, stat.mtimeNs, true);
    view.setBigUint64(56, stat.ctimeNs, true);
  });
}
// The entries of `names` from `cookie` on, cut at `size` bytes.
function directory_entries(directory, names, cookie, size) {
  const data = new Uint8Array(size);
  let at = 0;
  for (let i = Number(cookie); i < names.length && at < size; ++i) {
    const name = new TextEncoder().encode(names[i]);
    const stat = fs.lstatSync(path.join(directory, i === 1 ? '.' : names[i]),
                              { bigint: true, throwIfNoEntry: false });
    const entry = struct(24 + name.length, (view) => {
      view.setBigUint64(0, BigInt(i + 1), true);
      view.setBigUint64(8, stat ? stat.ino : 0n, true);
      view.setUint32(16, name.length, true);
      view.setUint8(20, stat ? filetype(stat) : UNKNOWN);
    });
    entry.set(name, 24);
    data.set(entry.subarray(0, size - at), at);
    at = Math.min(size, at + entry.length);
  }
  return data.subarray(0, at);
}
// Seconds for utimes, from nanoseconds and the flags of filestat_set_times.
function times(stat, atime, mtime, what) {
  const now = Date.now() / 1000;
  const pick = (set, set_now, value, old) =>
      what & set_now ? now : what & set ? Number(value) / 1e9 : old / 1000;
  return { atime: pick(SET_ATIME, SET_ATIME_NOW, atime, stat.atimeMs),
           mtime: pick(SET_MTIME, SET_MTIME_NOW, mtime, stat.mtimeMs) };
}

module.exports = { filetype, u32, u64, prestat, fdstat, filestat, directory_entries, times };

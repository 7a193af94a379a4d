// The host's side of the protocol: frames on descriptors 0 and 1. A frame is the magic `WEFT`, a
// 4-byte little-endian length, a JSON header of that length, and the raw bytes that the header
// announces in `bytes`. Reads and writes block: the parent speaks only while the host is idle.
'use strict';

const fs = require('node:fs');
const { Buffer } = require('node:buffer');

function read_exactly(size) {
  const data = Buffer.alloc(size);
  for (let at = 0; at < size;) {
    let got;
    try {
      got = fs.readSync(0, data, at, size - at, null);
    } catch (error) {
      if (error.code === 'EAGAIN') continue;
      if (error.code === 'EOF') return null;
      throw error;
    }
    if (got === 0) return null;
    at += got;
  }
  return data;
}

// {header, bytes}, or null when the parent has closed the pipe.
function read_frame() {
  const prefix = read_exactly(8);
  if (prefix === null) return null;
  if (prefix.toString('latin1', 0, 4) !== 'WEFT') throw new Error('no frame on standard input');
  const text = read_exactly(prefix.readUInt32LE(4));
  if (text === null) return null;
  const header = JSON.parse(text.toString('utf8'));
  const bytes = read_exactly(header.bytes ?? 0);
  return bytes === null ? null : { header, bytes };
}

function write_all(data) {
  for (let at = 0; at < data.length;) {
    try {
      at += fs.writeSync(1, data, at, data.length - at);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

function write_frame(header, ...pieces) {
  const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const text = Buffer.from(JSON.stringify({ ...header, bytes }), 'utf8');
  const prefix = Buffer.from('WEFT\0\0\0\0', 'latin1');
  prefix.writeUInt32LE(text.length, 4);
  write_all(Buffer.concat([prefix, text, ...pieces]));
}

module.exports = { read_frame, write_frame };

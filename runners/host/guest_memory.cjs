// Reading and writing the guest's memory, which other threads change and grow meanwhile: every
// access takes the buffer anew, checks against its present length, and copies. Knows no WASI.
'use strict';

// Thrown for an address outside the memory.
const FAULT = Object.freeze({ weft_fault: true });

class GuestMemory {
  // `memory`: a function that gives the WebAssembly.Memory, or undefined.
  constructor(memory) {
    this.memory = memory;
  }
  check(pointer, size) {
    const buffer = this.memory()?.buffer;
    if (buffer === undefined || pointer + size > buffer.byteLength) throw FAULT;
    return buffer;
  }
  read(pointer, size) {
    return new Uint8Array(this.check(pointer, size), pointer, size).slice();
  }
  write(pointer, data) {
    new Uint8Array(this.check(pointer, data.length), pointer, data.length).set(data);
  }
  text(pointer, size) {
    const copy = new Uint8Array(size);  // not shared: the decoder refuses shared memory
    copy.set(new Uint8Array(this.check(pointer, size), pointer, size));
    return new TextDecoder().decode(copy);
  }
  u32(pointer) {
    return new DataView(this.check(pointer, 4)).getUint32(pointer, true);
  }
  set_u32(pointer, value) {
    new DataView(this.check(pointer, 4)).setUint32(pointer, value, true);
  }
  set_u64(pointer, value) {
    new DataView(this.check(pointer, 8)).setBigUint64(pointer, value, true);
  }
  // An array of (address, size), read once.
  vectors(pointer, count) {
    this.check(pointer, count * 8);
    const list = [];
    for (let i = 0; i < count; ++i) {
      const one = { pointer: this.u32(pointer + 8 * i), size: this.u32(pointer + 8 * i + 4) };
      this.check(one.pointer, one.size);
      list.push(one);
    }
    return list;
  }
  gather(list) {
    const data = new Uint8Array(list.reduce((sum, one) => sum + one.size, 0));
    let at = 0;
    for (const { pointer, size } of list) {
      data.set(new Uint8Array(this.check(pointer, size), pointer, size), at);
      at += size;
    }
    return data;
  }
  scatter(list, data) {
    let at = 0;
    for (const { pointer, size } of list) {
      if (at >= data.length) return;
      const piece = data.subarray(at, at + size);
      this.write(pointer, piece);
      at += piece.length;
    }
  }
}

module.exports = { GuestMemory, FAULT };

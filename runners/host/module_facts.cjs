// What the host must know of a module and the JavaScript API does not tell: types and limits of
// imports, the type of the entry of threads, and whether an instantiation can trap. Reads a module
// that the engine has already accepted. Knows nothing of instances.
'use strict';

const TYPE_NAMES = { 0x7f: 'i32', 0x7e: 'i64', 0x7d: 'f32', 0x7c: 'f64', 0x7b: 'v128',
                     0x70: 'funcref', 0x6f: 'externref' };

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }
  byte() {
    if (this.at >= this.bytes.length) throw new Error('module ends too early');
    return this.bytes[this.at++];
  }
  // Unsigned LEB128; exact up to 2^53, which limits and counts never reach in what is read here.
  unsigned() {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  }
  signed32() {
    let value = 0n;
    let shift = 0n;
    for (;;) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
      if (byte < 0x80) {
        if (byte & 0x40) value |= -1n << shift;
        return Number(BigInt.asIntN(32, value));
      }
    }
  }
  name() {
    const size = this.unsigned();
    const text = new TextDecoder().decode(this.bytes.slice(this.at, this.at + size));
    this.at += size;
    return text;
  }
  value_type() {
    const code = this.byte();
    if (code === 0x63 || code === 0x64) {
      this.signed32();
      return 'ref';
    }
    return TYPE_NAMES[code] ?? `type 0x${code.toString(16)}`;
  }
  limits() {
    const flags = this.byte();
    const initial = this.unsigned();
    const maximum = flags & 1 ? this.unsigned() : undefined;
    return { initial, maximum, shared: (flags & 2) !== 0, is64: (flags & 4) !== 0 };
  }
}

function read_types(reader, facts) {
  for (let n = reader.unsigned(); n > 0; --n) {
    if (reader.byte() !== 0x60) throw new Error('a type that is no function type');
    const list = () => Array.from({ length: reader.unsigned() }, () => reader.value_type());
    facts.types.push(`${list().join(' ')} -> ${list().join(' ')}`.trim());
  }
}

function read_imports(reader, facts) {
  for (let n = reader.unsigned(); n > 0; --n) {
    const one = { module: reader.name(), name: reader.name() };
    const kind = reader.byte();
    if (kind === 0) {
      one.kind = 'func';
      one.type = facts.types[reader.unsigned()];
      facts.functions.push(one.type);
    } else if (kind === 1) {
      one.kind = 'table';
      reader.value_type();
      facts.tables.push(reader.limits());
    } else if (kind === 2) {
      one.kind = 'memory';
      one.limits = reader.limits();
      facts.memories.push(one.limits);
    } else if (kind === 3) {
      one.kind = 'global';
      reader.value_type();
      reader.byte();
    } else {
      one.kind = 'tag';
      reader.byte();
      reader.unsigned();
    }
    facts.imports.push(one);
  }
}

// The value of a constant expression `i32.const n end`, or undefined for any other.
function constant(reader) {
  if (reader.byte() !== 0x41) return undefined;
  const value = reader.signed32();
  return reader.byte() === 0x0b ? value >>> 0 : undefined;
}

// True when every active data segment lies inside the initial size of its memory.
function data_fits(reader, facts) {
  for (let n = reader.unsigned(); n > 0; --n) {
    const mode = reader.unsigned();
    if (mode !== 1) {
      const memory = facts.memories[mode === 2 ? reader.unsigned() : 0];
      const offset = constant(reader);
      if (offset === undefined) return false;
      const size = reader.unsigned();
      if (offset + size > memory.initial * 65536) return false;
      reader.at += size;
    } else {
      reader.at += reader.unsigned();
    }
  }
  return true;
}

// The same for element segments of the two forms that hold plain function indices; others: false.
function elements_fit(reader, facts) {
  for (let n = reader.unsigned(); n > 0; --n) {
    const mode = reader.unsigned();
    if (mode !== 0 && mode !== 3) return false;
    if (mode === 3) reader.byte();
    const offset = mode === 0 ? constant(reader) : 0;
    if (offset === undefined) return false;
    const count = reader.unsigned();
    for (let i = 0; i < count; ++i) reader.unsigned();
    if (mode === 0 && offset + count > facts.tables[0].initial) return false;
  }
  return true;
}

// {imports: [{module, name, kind, type?, limits?}], exports: Map name -> {kind, type?},
//  instantiation_may_trap}
function read_facts(bytes) {
  const reader = new Reader(bytes);
  const facts = { types: [], imports: [], functions: [], tables: [], memories: [],
                  exports: new Map(), instantiation_may_trap: false };
  reader.at = 8;
  while (reader.at < bytes.length) {
    const section = reader.byte();
    const size = reader.unsigned();
    const end = reader.at + size;
    if (section === 1) {
      read_types(reader, facts);
    } else if (section === 2) {
      read_imports(reader, facts);
    } else if (section === 3) {
      for (let n = reader.unsigned(); n > 0; --n) facts.functions.push(facts.types[reader.unsigned()]);
    } else if (section === 4) {
      for (let n = reader.unsigned(); n > 0; --n) {
        if (reader.value_type() === 'type 0x40') throw new Error('a table with an initial value');
        facts.tables.push(reader.limits());
      }
    } else if (section === 5) {
      for (let n = reader.unsigned(); n > 0; --n) facts.memories.push(reader.limits());
    } else if (section === 7) {
      for (let n = reader.unsigned(); n > 0; --n) {
        const name = reader.name();
        const kind = ['func', 'table', 'memory', 'global', 'tag'][reader.byte()];
        const index = reader.unsigned();
        facts.exports.set(name, { kind, type: kind === 'func' ? facts.functions[index] : undefined });
      }
    } else if (section === 8) {
      facts.instantiation_may_trap = true;
    } else if (section === 9) {
      if (!elements_fit(reader, facts)) facts.instantiation_may_trap = true;
    } else if (section === 11) {
      if (!data_fits(reader, facts)) facts.instantiation_may_trap = true;
    }
    reader.at = end;
  }
  return facts;
}

module.exports = { read_facts };

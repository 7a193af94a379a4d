// Programs in the compact notation of the tests and benchmarks of the model, e.g.
// `W4a x 1 ; R4 r0 y`. Test support only: the litmus text format lives in suite/litmus.
//
//   W<bytes>[a|f] LOC VALUE      store; a: atomic, f: float; VALUE: number, register, or r+number
//   R<bytes>[a|f] REG LOC        load
//   U<bytes> + REG LOC VALUE     atomic add (`x`: exchange)
//   C<bytes> REG LOC EXPECTED NEW   compare-exchange
//   F                            fence
//   IF REG VALUE                 the rest of the thread only if equal
//   WAIT|WAITT REG LOC EXPECTED  wait32, for ever or timed
//   NOTIFY REG LOC COUNT ; GROW REG PAGES ; SIZE REG
//   FILL LOC VALUE LENGTH ; COPY LOC FROM LENGTH
//   LOC: x y z w (64 apart), x+2, or an address
#pragma once

#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "reference/model/program.h"

namespace weft::model::testing {

inline std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::string part;
  std::istringstream in(text);
  while (std::getline(in, part, separator)) parts.push_back(part);
  return parts;
}

class Compact {
 public:
  Program program;

  Compact() {
    program.memories = {{"memory", 1, 3}};
    for (unsigned i = 0; i < 4; ++i) {
      program.locations.push_back({std::string(1, "xyzw"[i]), 0, 64 * i});
    }
  }

  // Threads separated by `||`; the initial stores and observations in the same notation.
  static Program parse(const std::string& threads, const std::string& pre = "",
                       const std::string& obs = "") {
    Compact c;
    c.pre(pre);
    size_t begin = 0;
    for (;;) {
      const size_t end = threads.find("||", begin);
      c.thread(threads.substr(begin, end == std::string::npos ? end : end - begin));
      if (end == std::string::npos) break;
      begin = end + 2;
    }
    c.observe(obs);
    return c.program;
  }

  void pre(const std::string& text) {
    for (const std::string& op : split(text, ';')) {
      const auto w = words(op);
      if (w.empty()) continue;
      program.init.push_back({shape(w[0]), 0, address(w[1]), number(w[2])});
    }
  }

  void observe(const std::string& text) {
    for (const std::string& op : split(text, ';')) {
      const auto w = words(op);
      if (w.empty()) continue;
      program.observe.push_back({w[1], shape(w[0]), 0, address(w[2])});
    }
  }

  void thread(const std::string& text) {
    program.threads.emplace_back();
    std::vector<Operation>* body = &program.threads.back().body;
    for (const std::string& op : split(text, ';')) {
      const auto w = words(op);
      if (w.empty()) continue;
      body->push_back(operation(w));
      if (w[0] == "IF") body = &body->back().then_body;
    }
  }

 private:
  static std::vector<std::string> words(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> result;
    for (std::string word; in >> word;) result.push_back(word);
    return result;
  }
  static uint64_t number(const std::string& text) { return std::stoull(text, nullptr, 0); }

  static uint64_t address(const std::string& text) {
    const size_t plus = text.find('+');
    const uint64_t offset = plus == std::string::npos ? 0 : number(text.substr(plus + 1));
    const size_t name = std::string("xyzw").find(text[0]);
    return name == std::string::npos ? number(text) : 64 * name + offset;
  }

  static Shape shape(const std::string& word) {
    Shape s;
    s.bytes = static_cast<uint8_t>(word[1] - '0');
    const char kind = word.size() > 2 ? word[2] : 'n';
    s.mode = kind == 'a' ? Mode::atomic : Mode::plain;
    s.type = kind == 'f' ? (s.bytes == 4 ? Type::f32 : Type::f64)
                         : (s.bytes == 8 ? Type::i64 : Type::i32);
    return s;
  }

  uint32_t reg(const std::string& name, Type type) {
    std::vector<Register>& registers = program.threads.back().registers;
    for (uint32_t i = 0; i < registers.size(); ++i) {
      if (registers[i].name == name) return i;
    }
    registers.push_back({name, type, false});
    return static_cast<uint32_t>(registers.size() - 1);
  }

  Operand operand(const std::string& text) {
    if (text[0] != 'r' && text[0] != 's') return Operand::constant(number(text));
    const size_t plus = text.find('+');
    Operand o = Operand::of_register(reg(text.substr(0, plus), Type::i32));
    if (plus != std::string::npos) {
      o.terms.push_back({Term::Op::add, false, 0, number(text.substr(plus + 1))});
    }
    return o;
  }

  Operation operation(const std::vector<std::string>& w) {
    using Kind = Operation::Kind;
    Operation op;
    const std::string& name = w[0];
    const auto at = [&](const std::string& text) { op.address.offset = address(text); };
    if (name == "F") {
      op.kind = Kind::fence;
    } else if (name == "IF") {
      op.kind = Kind::branch;
      op.left = operand(w[1]);
      op.right = operand(w[2]);
    } else if (name == "WAIT" || name == "WAITT") {
      op.kind = Kind::wait;
      op.has_timeout = name == "WAITT";
      op.dst = reg(w[1], Type::i32);
      at(w[2]);
      op.expected = operand(w[3]);
    } else if (name == "NOTIFY") {
      op.kind = Kind::notify;
      op.dst = reg(w[1], Type::i32);
      at(w[2]);
      op.value = operand(w[3]);
    } else if (name == "GROW") {
      op.kind = Kind::grow;
      op.dst = reg(w[1], Type::i32);
      op.value = operand(w[2]);
    } else if (name == "SIZE") {
      op.kind = Kind::size;
      op.dst = reg(w[1], Type::i32);
    } else if (name == "FILL") {
      op.kind = Kind::fill;
      at(w[1]);
      op.value = operand(w[2]);
      op.length = number(w[3]);
    } else if (name == "COPY") {
      op.kind = Kind::copy;
      at(w[1]);
      op.source.offset = address(w[2]);
      op.length = number(w[3]);
    } else if (name[0] == 'W') {
      op.kind = Kind::store;
      op.shape = shape(name);
      at(w[1]);
      op.value = operand(w[2]);
    } else if (name[0] == 'R') {
      op.shape = shape(name);
      op.dst = reg(w[1], op.shape.type);
      at(w[2]);
    } else if (name[0] == 'U') {
      op.kind = Kind::rmw;
      op.shape = shape(name);
      op.shape.mode = Mode::atomic;
      op.op = w[1] == "x" ? RmwOp::exchange : RmwOp::add;
      op.dst = reg(w[2], op.shape.type);
      at(w[3]);
      op.value = operand(w[4]);
    } else if (name[0] == 'C') {
      op.kind = Kind::cmpxchg;
      op.shape = shape(name);
      op.shape.mode = Mode::atomic;
      op.dst = reg(w[1], op.shape.type);
      at(w[2]);
      op.expected = operand(w[3]);
      op.value = operand(w[4]);
    } else {
      throw std::invalid_argument("compact notation: " + name);
    }
    return op;
  }
};

}  // namespace weft::model::testing

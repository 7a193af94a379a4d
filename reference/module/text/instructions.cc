// Instructions in text (core spec, text/instructions), plain and folded, without recursion: what is
// open lies on a stack of ours, so that no nesting of the text exhausts us.
#include <algorithm>
#include <unordered_map>

#include "reference/module/opcode.h"
#include "reference/module/text/context.h"

namespace weft::module::text {

// One instruction's immediates (immediates.cc), appended behind its opcode.
void immediates(const OpcodeInfo& info, Cursor& in, Context& context, const Space& locals,
                const std::vector<std::string_view>& labels, Bytes& out);
const OpcodeInfo& find_instruction(Cursor& in);
void block_type(Cursor& in, Context& context, Bytes& out);

namespace {

class Body {
 public:
  Body(Cursor in, Context& context, const Space& locals)
      : in_(in), context_(context), locals_(locals) {}

  Bytes run() {
    for (;;) {
      // The end of a folded list, innermost first.
      while (!open_.empty() && open_.back().folded && in_.at() == open_.back().end) close();
      if (in_.done()) break;
      if (in_.is(TokenKind::kOpen)) {
        folded();
      } else {
        plain();
      }
    }
    if (!open_.empty()) in_.fail("unexpected end: a block is not closed");
    out_.push_back(0x0B);
    return std::move(out_);
  }

 private:
  enum class Kind : uint8_t { kPlain, kBlock, kIf, kThen, kElse };
  struct Open {
    Kind kind;
    bool folded;
    size_t end = 0;               // folded: index of the closing token
    Bytes pending = {};           // kPlain: the instruction, behind its operands; kIf: its head
    std::string_view label = {};  // kIf, folded: comes into scope with (then
    bool has_then = false, has_else = false;
  };

  void folded() {
    const size_t end = in_.peek().match;
    Open* top = open_.empty() ? nullptr : &open_.back();
    const bool in_if = top && top->folded && top->kind == Kind::kIf;
    if (in_.is_list("then") || in_.is_list("else")) {
      const bool then = in_.is_list("then");
      if (!in_if || top->has_else || then == top->has_then) in_.unexpected();
      if (then) {
        append(out_, top->pending);
        labels_.push_back(top->label);
        top->has_then = true;
      } else {
        out_.push_back(0x05);
        top->has_else = true;
      }
      in_.next(), in_.next();
      open_.push_back({then ? Kind::kThen : Kind::kElse, true, end});
      return;
    }
    if (in_if && top->has_then) in_.unexpected();
    in_.next();
    Open open{Kind::kPlain, true, end};
    if (in_.is_word("block") || in_.is_word("loop")) {
      open.kind = Kind::kBlock;
      Bytes head;
      labels_.push_back(header(head));
      append(out_, head);
    } else if (in_.is_word("if")) {
      open.kind = Kind::kIf;
      open.label = header(open.pending);
    } else {
      instruction(open.pending);
    }
    open_.push_back(std::move(open));
  }

  // What a ")" ends.
  void close() {
    Open& top = open_.back();
    switch (top.kind) {
      case Kind::kPlain:
        append(out_, top.pending);
        break;
      case Kind::kIf:
        if (!top.has_then) in_.fail("unexpected token ): an if without (then");
        [[fallthrough]];
      case Kind::kBlock:
        out_.push_back(0x0B);
        labels_.pop_back();
        break;
      case Kind::kThen:
      case Kind::kElse:
        break;
    }
    open_.pop_back();
    in_.next();
  }

  void plain() {
    Open* top = open_.empty() ? nullptr : &open_.back();
    if (top && top->folded && (top->kind == Kind::kPlain || top->kind == Kind::kIf)) {
      in_.unexpected();
    }
    if (in_.is_word("block") || in_.is_word("loop") || in_.is_word("if")) {
      const Kind kind = in_.is_word("if") ? Kind::kIf : Kind::kBlock;
      labels_.push_back(header(out_));
      open_.push_back({kind, false});
    } else if (in_.is_word("else")) {
      if (!top || top->folded || top->kind != Kind::kIf || top->has_else) in_.unexpected();
      in_.next();
      top->has_else = true;
      repeated_label();
      out_.push_back(0x05);
    } else if (in_.is_word("end")) {
      if (!top || top->folded) in_.unexpected();
      in_.next();
      repeated_label();
      out_.push_back(0x0B);
      labels_.pop_back();
      open_.pop_back();
    } else {
      instruction(out_);
    }
  }

  void repeated_label() {
    const Cursor at = in_;
    const std::string_view id = in_.id();
    if (!id.empty() && id != labels_.back()) at.fail("mismatching label");
  }

  // "block $l type" into `out`; returns the label.
  std::string_view header(Bytes& out) {
    out.push_back(static_cast<uint8_t>(find_instruction(in_).code));
    const std::string_view label = in_.id();
    block_type(in_, context_, out);
    return label;
  }

  void instruction(Bytes& out) {
    const OpcodeInfo* info = &find_instruction(in_);
    if (info->name == "select" && in_.is_list("result")) info = find_opcode(0, 0x1C);
    if (info->prefix) out.push_back(info->prefix);
    if (info->prefix) {
      append_leb(out, info->code);
    } else {
      out.push_back(static_cast<uint8_t>(info->code));
    }
    immediates(*info, in_, context_, locals_, labels_, out);
  }

  Cursor in_;
  Context& context_;
  const Space& locals_;
  std::vector<std::string_view> labels_;
  std::vector<Open> open_;
  Bytes out_;
};

}  // namespace

Bytes instructions(Cursor in, Context& context, const Space& locals) {
  return Body(in, context, locals).run();
}

}  // namespace weft::module::text

// The body of one thread of a litmus text: instructions, `if`, `repeat`, operands. Knows no line
// outside threads.
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "suite/litmus/lexer.h"
#include "suite/litmus/naming.h"

namespace weft::suite::litmus {

class ThreadReader {
 public:
  // Bytes of the widest access at (location, offset).
  using Accesses = std::map<std::pair<uint32_t, uint32_t>, uint32_t>;

  explicit ThreadReader(Naming& names) : names_(names) {}

  // A new test, a new thread of it.
  void begin(LitmusTest& test);
  void begin_thread();
  bool inside() const { return !blocks_.empty(); }
  bool inside_block() const { return blocks_.size() > 1; }

  // One line, or what stands behind `thread N`. Complains through the names.
  void statements(const std::vector<Token>& tokens);
  // Ends the thread that is open, if one is; false after a complaint (a `}` is missing).
  bool close(const Place& place);

  const Accesses& accesses() const { return accesses_; }

 private:
  struct Open {
    enum Kind { kThread, kThen, kElse, kRepeat } kind;
    Statement statement;  // the if or repeat that this block belongs to
    Block block;
    size_t operations = 0;  // of the block, loops unrolled
  };

  void open_if(const std::vector<Token>& t, size_t& at);
  void open_repeat(const std::vector<Token>& t, size_t& at);
  void close_block(const std::vector<Token>& t, size_t& at);
  void operation(std::vector<Token> t);
  bool too_deep(const Place& place);
  bool add_operations(size_t count, const Place& place);
  std::optional<Expr> operand(const Token& token, char type);
  std::optional<Expr> expression(std::string_view text, char type, const Place& place);

  Naming& names_;
  LitmusTest* test_ = nullptr;
  std::vector<Open> blocks_;
  Accesses accesses_;
};

}  // namespace weft::suite::litmus

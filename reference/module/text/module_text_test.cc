#include "reference/module/text/module_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

#include "reference/base/files.h"
#include "reference/module/assemble.h"
#include "reference/module/module.h"
#include "wabt/binary-writer.h"
#include "wabt/error.h"
#include "wabt/feature.h"
#include "wabt/ir.h"
#include "wabt/stream.h"
#include "wabt/wast-lexer.h"
#include "wabt/wast-parser.h"

namespace weft::module::text {
namespace {

// WABT's text parser and writer.
std::optional<Bytes> wabt_assembles(const std::string& source) {
  wabt::Features features;
  features.EnableAll();
  features.disable_exceptions();
  features.disable_gc();
  features.disable_function_references();
  wabt::Errors errors;
  auto lexer = wabt::WastLexer::CreateBufferLexer("t", source.data(), source.size(), &errors);
  std::unique_ptr<wabt::Module> module;
  wabt::WastParseOptions options(features);
  if (wabt::Failed(wabt::ParseWatModule(lexer.get(), &module, &errors, &options)) || !module) {
    return std::nullopt;
  }
  wabt::MemoryStream stream;
  if (wabt::Failed(wabt::WriteBinaryModule(
          &stream, module.get(), wabt::WriteBinaryOptions(features, true, false, false)))) {
    return std::nullopt;
  }
  return std::move(stream.output_buffer().data);
}

std::string error_of(const std::string& source) {
  const auto assembled = assemble_text(source, "t");
  return assembled ? "" : assembled.error().message;
}

// Both assemblers write the same module, as WABT prints it.
TEST(ModuleText, AgreesWithWabtOnEveryTestOfTheSuite) {
  namespace fs = std::filesystem;
  std::vector<std::string> paths;
  for (const auto& entry : fs::recursive_directory_iterator(WEFT_SOURCE_DIR "/suite")) {
    if (entry.path().extension() == ".wat") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  int compared = 0;
  for (const std::string& path : paths) {
    const auto source = read_text(path);
    ASSERT_TRUE(source) << path;
    if (source->find("(module binary") != std::string::npos) continue;  // a form of scripts
    if (source->find(" memory $") != std::string::npos) continue;
    const auto theirs = wabt_assembles(*source);
    if (!theirs) continue;  // what only a reader of binaries can say of it is tested elsewhere
    const auto ours = assemble_text(*source, path);
    ASSERT_TRUE(ours) << ours.error().message;
    if (*ours != *theirs) {
      const auto left = print(*ours), right = print(*theirs);
      ASSERT_TRUE(left && right) << path;
      EXPECT_EQ(*left, *right) << path;
    }
    ++compared;
  }
  EXPECT_GT(compared, 50);
}

TEST(ModuleText, TakesWhatWabtDoesNot) {
  const char* const sources[] = {
      // A named memory in an atomic instruction, and in every other place.
      "(module (memory $m 1 1 shared) (func (drop (i32.atomic.load $m (i32.const 0)))))",
      // Table instructions without a table.
      "(module (table 1 funcref) (func (drop (table.get (i32.const 0)))))",
      // Offsets of 64 bits.
      "(module (memory i64 1) (func (drop (i32.load offset=0x1_0000_0000 (i64.const 0)))))",
      // Fields without (module.
      "(func) (memory 0)",
      "",
  };
  for (const char* source : sources) {
    auto assembled = assemble_text(source, "t");
    ASSERT_TRUE(assembled) << assembled.error().message;
    const auto loaded = load_module(std::move(*assembled));
    EXPECT_TRUE(loaded) << source << ": " << loaded.error().message;
  }
}

TEST(ModuleText, LinkingMeetsTextThatWabtAbortsOn) {
  const std::string library = "(module (func $weft_s (export \"_start\")))";
  const auto linked = [&](const std::string& body) {
    return link("(module (import \"env\" \"memory\" (memory $m 1 1 shared))" + body + ")", library,
                {.name = "t.wat"});
  };
  EXPECT_TRUE(linked("(func (drop (i32.atomic.load $m (i32.const 0))))"));
  std::string deep;
  for (int i = 0; i < 30'000; ++i) deep += "block ";
  for (int i = 0; i < 30'000; ++i) deep += "end ";
  const auto refused = linked("(func " + deep + ")");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("nested blocks"), std::string::npos)
      << refused.error().message;
}

// Fault: Cursor::fail keeps the message as long as it is.
TEST(ModuleText, MessagesAreShortHoweverLongATokenIs) {
  const std::string name(100'000, 'a'), digits(100'000, '9');
  for (const std::string& source :
       {"(module (func " + name + "))", "(module (func (call $" + name + ")))",
        "(module (func (i32.const " + digits + ")))", "(module (func (ref.null " + name + ")))",
        "(module (func (f64.const " + digits + "." + digits + "e" + digits + ")))"}) {
    EXPECT_LT(error_of(source).size(), 300u) << error_of(source).substr(0, 400);
  }
}

TEST(ModuleText, ErrorsNameTheirPlace) {
  EXPECT_EQ(error_of("(module\n  (func (i32.frob)))"), "t:2:10: unknown operator i32.frob");
  EXPECT_EQ(error_of("(module (func (call $f)))"), "t:1:21: unknown function $f");
  EXPECT_EQ(error_of("(module (func)"), "t:1:1: unexpected end: unclosed parenthesis");
  EXPECT_EQ(error_of("(module))"), "t:1:9: unexpected token )");
  EXPECT_EQ(error_of("(module (func (local.get $x)))"), "t:1:26: unknown local $x");
  EXPECT_EQ(error_of("(module (func $f) (func $f))"), "t:1:20: duplicate function $f");
  EXPECT_EQ(error_of("(module (func) (import \"a\" \"b\" (func)))"),
            "t:1:17: import after function");
  EXPECT_EQ(error_of("(module (func block $a end $b))"), "t:1:28: mismatching label");
  EXPECT_EQ(error_of("(module (func (i32.const 0x1_0000_0000)))"),
            "t:1:26: constant out of range: 0x1_0000_0000");
  EXPECT_EQ(error_of("(module (func (i32.load align=3 (i32.const 0))))"),
            "t:1:25: alignment must be a power of two");
  EXPECT_EQ(error_of("(module (func (if (i32.const 1))))"),
            "t:1:32: unexpected token ): an if without (then");
  EXPECT_EQ(error_of("(module (type (func (param i32))) (func (type 0) (param i64)))"),
            "t:1:50: inline function type");
}

TEST(ModuleText, LegacyNamesAndPowersOfTwoOfAtomics) {
  // ATOM-075, ATOM-080, ATOM-081.
  const auto with = [](const std::string& instruction) {
    return error_of("(memory 1 1 shared) (func (drop (" + instruction +
                    " (i32.const 0) (i32.const 0))))");
  };
  for (const char* old :
       {"i32.atomic.wait", "atomic.notify", "i32.atomic.rmw8_u.add", "atomic.wake",
        "i32.atomic.load8_s", "f32.atomic.load", "v128.atomic.load", "i64.atomic.wait"}) {
    EXPECT_NE(with(old).find("unknown operator"), std::string::npos) << old;
  }
  EXPECT_EQ(with("i32.atomic.rmw.add"), "");
  EXPECT_EQ(with("i32.atomic.rmw.add align=4"), "");
  EXPECT_NE(with("i32.atomic.rmw.add align=3").find("power of two"), std::string::npos);
  EXPECT_NE(with("i32.atomic.rmw.add align=0").find("power of two"), std::string::npos);
}

TEST(ModuleText, RefusesProposalsByName) {
  const std::pair<const char*, const char*> rows[] = {
      {"(tag $t)", "exception handling"},
      {"(func (throw 0))", "exception handling"},
      {"(func (drop (struct.new 0)))", "GC"},
      {"(rec (type (func)))", "GC"},
      {"(func (param (ref func)))", "typed function references"},
      {"(func (call_ref 0))", "typed function references"},
      {"(func (drop (i8x16.relaxed_swizzle)))", "relaxed SIMD"},
      {"(table i64 1 funcref)", "memory64's table64"},
      {"(memory 1 (pagesize 1))", "custom page sizes"},
  };
  for (const auto& [source, feature] : rows) {
    const auto assembled = assemble_text(source, "t");
    ASSERT_FALSE(assembled) << source;
    EXPECT_TRUE(assembled.error().refused) << source;
    EXPECT_NE(assembled.error().message.find(std::string(feature) + " is not supported"),
              std::string::npos)
        << assembled.error().message;
  }
}

TEST(ModuleText, NestingDoesNotExhaustUs) {
  const auto repeat = [](const std::string& what, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += what;
    return out;
  };
  constexpr int kDeep = 50'000;
  const std::string sources[] = {
      "(module (func " + repeat("(block ", kDeep) + repeat(")", kDeep) + "))",
      "(module (func " + repeat("block ", kDeep) + repeat("end ", kDeep) + "))",
      "(module (func (result i32) " + repeat("(i32.eqz ", kDeep) + "(i32.const 0)" +
          repeat(")", kDeep) + "))",
      "(module (func " + repeat("(if (i32.const 1) (then ", kDeep) + repeat("))", kDeep) + "))",
  };
  for (const std::string& source : sources) EXPECT_EQ(error_of(source), "");
  EXPECT_NE(error_of(repeat("(", 100'000)), "");
  EXPECT_EQ(error_of(repeat("(;", kDeep) + repeat(";)", kDeep)), "");
}

}  // namespace
}  // namespace weft::module::text

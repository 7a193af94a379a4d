#include "reference/base/schema.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace weft {
namespace {

using nlohmann::json;

std::string error_of(const char* value, const char* schema) {
  auto ok = check_schema(json::parse(value), json::parse(schema), "f.json");
  return ok ? "" : ok.error().message;
}

TEST(Schema, AcceptsWhatFits) {
  EXPECT_EQ("", error_of(R"({"a": "x", "b": [1, 2]})",
                         R"({"type": "object", "required": ["a"], "additionalProperties": false,
                             "properties": {"a": {"type": "string", "pattern": "^x$"},
                                            "b": {"type": "array", "items": {"type": "integer"}}}})"));
}

TEST(Schema, NamesFileKeyAndExpectation) {
  EXPECT_EQ("f.json: expected an object, got 3", error_of("3", R"({"type": "object"})"));
  EXPECT_EQ(
      "f.json: a.b[1]: expected an integer, got \"x\"",
      error_of(R"({"a": {"b": [1, "x"]}})",
               R"({"properties": {"a": {"properties": {"b": {"items": {"type": "integer"}}}}}})"));
  EXPECT_EQ("f.json: the key 'a' is missing", error_of("{}", R"({"required": ["a"]})"));
  EXPECT_EQ("f.json: unknown key 'c', expected one of: a, b",
            error_of(R"({"c": 1})",
                     R"({"properties": {"a": {}, "b": {}}, "additionalProperties": false})"));
  EXPECT_EQ("f.json: expected one of \"a\", \"b\", got \"c\"",
            error_of(R"("c")", R"({"enum": ["a", "b"]})"));
  EXPECT_EQ("f.json: expected a string like ^[a-z]+$, got \"A\"",
            error_of(R"("A")", R"({"pattern": "^[a-z]+$"})"));
  EXPECT_EQ("f.json: expected a string or null, got true",
            error_of("true", R"({"type": ["string", "null"]})"));
}

TEST(Schema, AdditionalPropertiesMayBeASchema) {
  const char* schema = R"({"additionalProperties": {"type": "string"}})";
  EXPECT_EQ("", error_of(R"({"x": "y"})", schema));
  EXPECT_EQ("f.json: x: expected a string, got 1", error_of(R"({"x": 1})", schema));
}

TEST(Schema, OneOfReportsTheBranchThatWentFurthest) {
  const char* schema = R"({"oneOf": [{"type": "string"},
    {"type": "object", "required": ["each"], "properties": {"each": {"enum": ["env", "dir"]}}}]})";
  EXPECT_EQ("", error_of(R"("x")", schema));
  EXPECT_EQ("", error_of(R"({"each": "dir"})", schema));
  EXPECT_EQ("f.json: each: expected one of \"env\", \"dir\", got \"arg\"",
            error_of(R"({"each": "arg"})", schema));
  EXPECT_EQ("f.json: expected a string, got 3; or expected an object, got 3",
            error_of("3", schema));
  EXPECT_EQ("f.json: several alternatives match 1",
            error_of("1", R"({"oneOf": [{"type": "integer"}, {"type": "number"}]})"));
}

TEST(Schema, AnUnknownKeywordIsAnErrorOfTheSchema) {
  EXPECT_EQ("f.json: the schema has an unknown keyword 'minimum'",
            error_of("1", R"({"minimum": 0})"));
}

TEST(Json, AnErrorNamesLineAndColumn) {
  auto bad = parse_json("{\n  \"a\": 1,\n  b\n}", "f.json");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().message.substr(0, 25), "f.json:3:3: is not JSON: ") << bad.error().message;
}

TEST(Json, CommentsAreAllowed) {
  auto good = parse_json("{ // why\n \"a\": 1 /* because */ }", "f.json");
  ASSERT_TRUE(good);
  EXPECT_EQ(1, (*good)["a"]);
}

TEST(Json, AMissingFileIsOneError) {
  auto missing = read_json("no/such/file.json");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("no/such/file.json: cannot be opened"), std::string::npos);
}

}  // namespace
}  // namespace weft

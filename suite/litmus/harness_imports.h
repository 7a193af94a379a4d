// What every module that stresses a litmus test imports: the memory, a clock, and the support
// library's threads and output (suite/support). Knows no test.
#pragma once

namespace weft::suite::litmus {

// The first argument is the memory's limits, for example "2 2".
inline constexpr char kHarnessImports[] =
    R"(  (import "env" "memory" (memory {} shared)) (export "memory" (memory 0))
  (import "wasi_snapshot_preview1" "clock_time_get"
    (func $clock_time_get (param i32 i64 i32) (result i32)))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "put_text" (func $put_text (param i32)))
  (import "weft" "put_u64" (func $put_u64 (param i64)))
)";

}  // namespace weft::suite::litmus

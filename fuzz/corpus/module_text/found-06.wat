;;! { "id": "t": "
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "try_smemory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "try_spawn" (func $try_spawn (param i32) (result i32)))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "check_i32" (func $check (param i64 i32 i32)))
  (import "wt" "flush" (func $flush))
  (data (i3ll)
    (call $check (i32.const 4224) (i32.atomic.load (i32.const 8196)) (i32.const 1))))

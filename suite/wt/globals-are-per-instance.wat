;;! { "id": "wt/globals-are-per-instance", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-034", "WT-042"],
;;!   "story": "A thread gets the module's initial globals, not its spawner's present ones, and what it writes to them stays its own.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "the threading model shared-instance" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "weft" "check_i64" (func $check64 (param i32 i64 i64)))
  (data (i32.const 4096) "WT-034 mutable global in the child\00")
  (data (i32.const 4160) "WT-034 i64 global in the child\00")
  (data (i32.const 4224) "WT-034 the parent's global after the child wrote its own\00")
  (data (i32.const 4288) "WT-042 constant global in the child\00")
  (global $mutable (mut i32) (i32.const 5))
  (global $wide (mut i64) (i64.const 0x123456789abcdef))
  (global $constant i32 (i32.const 31))
  (func (export "weft_thread") (param i32 i32)
    (call $check (i32.const 4096) (global.get $mutable) (i32.const 5))
    (call $check64 (i32.const 4160) (global.get $wide) (i64.const 0x123456789abcdef))
    (call $check (i32.const 4288) (global.get $constant) (i32.const 31))
    (global.set $mutable (i32.const 9))
    (global.set $wide (i64.const 9)))
  (func (export "_start")
    (global.set $mutable (i32.const 7))
    (global.set $wide (i64.const 7))
    (drop (call $spawn (i32.const 0)))
    (call $join_all)
    (drop (call $spawn (i32.const 0)))
    (call $join_all)
    (call $check (i32.const 4224) (global.get $mutable) (i32.const 7))
    (call $check64 (i32.const 4224) (global.get $wide) (i64.const 7))))

;;! { "id": "p1/addresses-stay-valid-while-memory-grows", "kind": "program", "sort": "sound",
;;!   "requirements": ["P1-006"],
;;!   "story": "While one thread grows the memory page by page, host calls of another one with addresses at the end of what memory.size has told it succeed every time.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "host calls compare with the length at the start of the program" }
(module
  (import "env" "memory" (memory 1 101 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "wasi_snapshot_preview1" "clock_time_get"
    (func $clock_time_get (param i32 i64 i32) (result i32)))
  (data (i32.const 4096) "P1-006 error numbers\00")
  (data (i32.const 4160) "P1-006 results not written\00")
  ;; 8192: 1 when the memory has grown to the end
  (func (export "weft_thread") (param i32 i32)
    (loop $again
      (drop (call $clock_time_get (i32.const 1) (i64.const 0) (i32.const 8320)))
      (br_if $again (i32.ge_s (memory.grow (i32.const 1)) (i32.const 0))))
    (i32.atomic.store (i32.const 8192) (i32.const 1)))
  (func (export "_start") (local $at i32) (local $errors i32) (local $missing i32)
    (drop (call $spawn (i32.const 0)))
    (loop $again
      (local.set $at (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 8)))
      (i64.store (local.get $at) (i64.const 0))
      (if (call $clock_time_get (i32.const 1) (i64.const 0) (local.get $at))
        (then (local.set $errors (i32.add (local.get $errors) (i32.const 1)))))
      (if (i64.eqz (i64.load (local.get $at)))
        (then (local.set $missing (i32.add (local.get $missing) (i32.const 1)))))
      (br_if $again (i32.eqz (i32.atomic.load (i32.const 8192)))))
    (call $join_all)
    (call $check (i32.const 4096) (local.get $errors) (i32.const 0))
    (call $check (i32.const 4160) (local.get $missing) (i32.const 0))))

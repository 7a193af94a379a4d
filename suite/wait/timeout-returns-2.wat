;;! { "id": "wait/timeout-returns-2", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-015", "WAIT-016", "WAIT-010"],
;;!   "story": "Without a notify a wait on an equal value returns 2 when its timeout has ended, with timeout 0 as well as with 5 ms, and leaves the cell as it was.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "a wait that times out returns 0" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "weft" "check_i64" (func $check64 (param i32 i64 i64)))
  (data (i32.const 4096) "WAIT-015 wait32 timeout 0\00")
  (data (i32.const 4128) "WAIT-015 wait64 timeout 0\00")
  (data (i32.const 4160) "WAIT-016 wait32 5 ms\00")
  (data (i32.const 4192) "WAIT-016 wait64 5 ms\00")
  (data (i32.const 4224) "WAIT-010 cell unchanged\00")
  (func (export "_start")
    (i64.atomic.store (i32.const 8192) (i64.const 0x1122334455667788))
    (call $check (i32.const 4096)
      (memory.atomic.wait32 (i32.const 8192) (i32.const 0x55667788) (i64.const 0)) (i32.const 2))
    (call $check (i32.const 4128)
      (memory.atomic.wait64 (i32.const 8192) (i64.const 0x1122334455667788) (i64.const 0))
      (i32.const 2))
    (call $check (i32.const 4160)
      (memory.atomic.wait32 (i32.const 8192) (i32.const 0x55667788) (i64.const 5000000))
      (i32.const 2))
    (call $check (i32.const 4192)
      (memory.atomic.wait64 (i32.const 8192) (i64.const 0x1122334455667788) (i64.const 5000000))
      (i32.const 2))
    (call $check64 (i32.const 4224)
      (i64.atomic.load (i32.const 8192)) (i64.const 0x1122334455667788))))

;;! { "id": "div/unshared-memory-is-of-the-instance", "kind": "program", "sort": "sound",
;;!   "requirements": ["DIV-005", "DIV-004"],
;;!   "story": "A second memory that the module defines, not shared, is new in each thread's instance, with its active segment; the first one is shared.",
;;!   "needs": ["multi-memory"],
;;!   "expect": {"exit": 0, "stdout": "byte in the thread=65\nbyte in main=77\nok\n"},
;;!   "fault": "the threading model shared-instance" }
(module
  (import "env" "memory" (memory $shared 1 1 shared)) (export "memory" (memory $shared))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (memory $private 1 1)
  (data (memory $shared) (i32.const 4096) "byte in the thread\00")
  (data (memory $shared) (i32.const 4160) "byte in main\00")
  (data (memory $private) (i32.const 16) "A")
  (func (export "weft_thread") (param i32 i32)
    (call $report (i32.const 4096) (i32.load8_u $private (i32.const 16)))
    (i32.store8 $private (i32.const 16) (i32.const 99)))
  (func (export "_start")
    (i32.store8 $private (i32.const 16) (i32.const 77))
    (drop (call $spawn (i32.const 0)))
    (call $join_all)
    (call $report (i32.const 4160) (i32.load8_u $private (i32.const 16)))))

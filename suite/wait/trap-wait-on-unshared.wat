;;! { "id": "wait/trap-wait-on-unshared", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-001"],
;;!   "story": "A wait on a memory that is not shared traps, even if the cell has another value and the timeout is 0.",
;;!   "expect": {"trap": true, "stdout": "WAIT-001 before=1\n"},
;;!   "fault": "wait on an unshared memory returns 1 when the value differs" }
(module
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (memory (export "memory") 1 1)
  (data (i32.const 4096) "WAIT-001 before\00")
  (data (i32.const 4128) "WAIT-001 no trap\00")
  (func (export "_start")
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (drop (memory.atomic.wait32 (i32.const 8192) (i32.const 1) (i64.const 0)))
    (call $report (i32.const 4128) (i32.const 1))))

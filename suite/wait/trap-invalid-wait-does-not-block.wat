;;! { "id": "wait/trap-invalid-wait-does-not-block", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-011", "WAIT-006"],
;;!   "story": "A wait beyond the end traps at once, also with an endless timeout.",
;;!   "timeout": 5,
;;!   "expect": {"trap": true, "stdout": "WAIT-011 before=1\n"},
;;!   "fault": "a wait beyond the end joins a queue" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (data (i32.const 4096) "WAIT-011 before\00")
  (data (i32.const 4128) "WAIT-011 no trap\00")
  (func (export "_start")
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (drop (memory.atomic.wait32 (i32.const 65536) (i32.const 0) (i64.const -1)))
    (call $report (i32.const 4128) (i32.const 1))))

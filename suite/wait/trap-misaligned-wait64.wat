;;! { "id": "wait/trap-misaligned-wait64", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-004", "ATOM-100"],
;;!   "story": "wait64 needs an effective address that is a multiple of 8: 4 mod 8 traps, although the timeout is 0 and the processor would not mind.",
;;!   "expect": {"trap": true, "stdout": "WAIT-004 before=1\n"},
;;!   "fault": "wait64 requires alignment 4" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (data (i32.const 4096) "WAIT-004 before\00")
  (data (i32.const 4128) "WAIT-004 no trap\00")
  (func (export "_start")
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (drop (memory.atomic.wait64 (i32.const 8196) (i64.const 0) (i64.const 0)))
    (call $report (i32.const 4128) (i32.const 1))))

;;! { "id": "wait/trap-misaligned-wait32-offset", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-004", "ATOM-101"],
;;!   "story": "The effective address counts: an aligned base with offset 2 traps.",
;;!   "expect": {"trap": true, "stdout": "WAIT-004 before=1\n"},
;;!   "fault": "the alignment of the base is checked, without the offset" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (data (i32.const 4096) "WAIT-004 before\00")
  (data (i32.const 4128) "WAIT-004 no trap\00")
  (func (export "_start")
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (drop (memory.atomic.wait32 offset=2 (i32.const 8192) (i32.const 1) (i64.const 0)))
    (call $report (i32.const 4128) (i32.const 1))))

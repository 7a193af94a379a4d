;;! { "id": "wait/trap-notify-count-0-out-of-bounds", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-007", "WAIT-006"],
;;!   "story": "A notify of nobody still checks its address: one cell beyond the end traps.",
;;!   "expect": {"trap": true, "stdout": "WAIT-007 before=1\n"},
;;!   "fault": "notify returns before its checks when the count is 0" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (data (i32.const 4096) "WAIT-007 before\00")
  (data (i32.const 4128) "WAIT-007 no trap\00")
  (func (export "_start")
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (drop (memory.atomic.notify (i32.const 65536) (i32.const 0)))
    (call $report (i32.const 4128) (i32.const 1))))

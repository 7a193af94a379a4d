;;! { "id": "wait/trap-notify-on-unshared-out-of-bounds", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-002"],
;;!   "story": "notify on a memory that is not shared checks its address like any other access.",
;;!   "expect": {"trap": true, "stdout": "WAIT-002 before=1\n"},
;;!   "fault": "notify on an unshared memory returns 0 before its checks" }
(module
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (memory (export "memory") 1 1)
  (data (i32.const 4096) "WAIT-002 before\00")
  (data (i32.const 4128) "WAIT-002 no trap\00")
  (func (export "_start")
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (drop (memory.atomic.notify (i32.const 65536) (i32.const 1)))
    (call $report (i32.const 4128) (i32.const 1))))

;;! { "id": "atom/trap-misaligned-and-out-of-bounds", "kind": "program", "sort": "sound",
;;!   "requirements": ["ATOM-105"],
;;!   "story": "An access that is both misaligned and out of bounds traps; which of the two is named is not said.",
;;!   "expect": {"trap": true, "stdout": "ATOM-105 before=1\n"},
;;!   "fault": "a misaligned access is moved to the aligned address below" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (data (i32.const 4096) "ATOM-105 before\00")
  (data (i32.const 4128) "ATOM-105 no trap\00")
  (func (export "_start")
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (drop (i32.atomic.rmw.add (i32.const 65535) (i32.const 1)))
    (call $report (i32.const 4128) (i32.const 1))))

;;! { "id": "atom/trap-i32-rmw-misaligned-by-offset", "kind": "program", "sort": "sound",
;;!   "requirements": ["ATOM-101", "ATOM-100"],
;;!   "story": "An aligned base with offset 2 is not aligned: a 32-bit read-modify-write traps.",
;;!   "expect": {"trap": true, "stdout": "ATOM-101 before=1\n"},
;;!   "fault": "the alignment of the base is checked, without the offset" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (data (i32.const 4096) "ATOM-101 before\00")
  (data (i32.const 4128) "ATOM-101 no trap\00")
  (func (export "_start")
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (drop (i32.atomic.rmw.add offset=2 (i32.const 8192) (i32.const 1)))
    (call $report (i32.const 4128) (i32.const 1))))

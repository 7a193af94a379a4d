;;! { "id": "atom/trap-cmpxchg-offset-does-not-wrap", "kind": "program", "sort": "sound",
;;!   "requirements": ["ATOM-076", "ATOM-103"],
;;!   "story": "Base and offset are added without wrapping: 0xFFFFFFFC + 8196 is outside, not 8192.",
;;!   "expect": {"trap": true, "stdout": "ATOM-076 before=1\n"},
;;!   "fault": "the effective address is computed in 32 bits" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (data (i32.const 4096) "ATOM-076 before\00")
  (data (i32.const 4128) "ATOM-076 no trap\00")
  (func (export "_start")
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (drop (i32.atomic.rmw.cmpxchg offset=8196 (i32.const 0xfffffffc) (i32.const 0) (i32.const 1)))
    (call $report (i32.const 4128) (i32.const 1))))

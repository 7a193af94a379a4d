;;! { "id": "atom/trap-load-at-the-end", "kind": "program", "sort": "sound",
;;!   "requirements": ["ATOM-103"],
;;!   "story": "An atomic load just behind the end of the memory traps.",
;;!   "expect": {"trap": true, "stdout": "ATOM-103 before=1\n"},
;;!   "fault": "an access may start at the length" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (data (i32.const 4096) "ATOM-103 before\00")
  (data (i32.const 4128) "ATOM-103 no trap\00")
  (func (export "_start")
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (drop (i32.atomic.load (i32.const 65536)))
    (call $report (i32.const 4128) (i32.const 1))))

;;! { "id": "atom/trap-i32-load-misaligned-base", "kind": "program", "sort": "sound",
;;!   "requirements": ["ATOM-100"],
;;!   "story": "A 32-bit atomic load at 3 mod 4 traps.",
;;!   "expect": {"trap": true, "stdout": "ATOM-100 before=1\n"},
;;!   "fault": "atomic accesses check no alignment" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (data (i32.const 4096) "ATOM-100 before\00")
  (data (i32.const 4128) "ATOM-100 no trap\00")
  (func (export "_start")
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (drop (i32.atomic.load (i32.const 8195)))
    (call $report (i32.const 4128) (i32.const 1))))

;;! { "id": "wait/trap-misaligned-notify", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-004"],
;;!   "story": "notify at an odd address traps.",
;;!   "expect": {"trap": true, "stdout": "WAIT-004 before=1\n"},
;;!   "fault": "atomic accesses check no alignment" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (data (i32.const 4096) "WAIT-004 before\00")
  (data (i32.const 4128) "WAIT-004 no trap\00")
  (func (export "_start")
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (drop (memory.atomic.notify (i32.const 8193) (i32.const 1)))
    (call $report (i32.const 4128) (i32.const 1))))

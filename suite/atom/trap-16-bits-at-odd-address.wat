;;! { "id": "atom/trap-16-bits-at-odd-address", "kind": "program", "sort": "sound",
;;!   "requirements": ["ATOM-100"],
;;!   "story": "A 16-bit read-modify-write at an odd address traps, although it lies within one word.",
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
    (drop (i32.atomic.rmw16.sub_u offset=1 (i32.const 8192) (i32.const 1)))
    (call $report (i32.const 4128) (i32.const 1))))

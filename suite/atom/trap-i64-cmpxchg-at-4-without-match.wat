;;! { "id": "atom/trap-i64-cmpxchg-at-4-without-match", "kind": "program", "sort": "sound",
;;!   "requirements": ["ATOM-100"],
;;!   "story": "A 64-bit cmpxchg at 4 mod 8 traps, also where the expected value would not match.",
;;!   "expect": {"trap": true, "stdout": "ATOM-100 before=1\n"},
;;!   "fault": "64-bit atomics require alignment 4" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (data (i32.const 4096) "ATOM-100 before\00")
  (data (i32.const 4128) "ATOM-100 no trap\00")
  (func (export "_start")
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (drop (i64.atomic.rmw.cmpxchg (i32.const 8196) (i64.const 5) (i64.const 6)))
    (call $report (i32.const 4128) (i32.const 1))))

;;! { "id": "atom/trap-rmw-offset-beyond-the-end", "kind": "program", "sort": "sound",
;;!   "requirements": ["ATOM-103"],
;;!   "story": "The last cell as base with offset 8 lies outside: a 64-bit read-modify-write traps.",
;;!   "expect": {"trap": true, "stdout": "ATOM-103 before=1\n"},
;;!   "fault": "the bounds of the base are checked, without the offset" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (data (i32.const 4096) "ATOM-103 before\00")
  (data (i32.const 4128) "ATOM-103 no trap\00")
  (func (export "_start")
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (drop (i64.atomic.rmw.or offset=8 (i32.const 65528) (i64.const 1)))
    (call $report (i32.const 4128) (i32.const 1))))

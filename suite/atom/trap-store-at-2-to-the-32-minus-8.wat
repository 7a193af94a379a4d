;;! { "id": "atom/trap-store-at-2-to-the-32-minus-8", "kind": "program", "sort": "sound",
;;!   "requirements": ["ATOM-103"],
;;!   "story": "0xFFFFFFF8 is a high address and not -8: a 64-bit atomic store traps, and does not overflow in the bounds check.",
;;!   "expect": {"trap": true, "stdout": "ATOM-103 before=1\n"},
;;!   "fault": "the bounds check adds the size in 32 bits" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (data (i32.const 4096) "ATOM-103 before\00")
  (data (i32.const 4128) "ATOM-103 no trap\00")
  (func (export "_start")
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (i64.atomic.store (i32.const 0xfffffff8) (i64.const 1))
    (call $report (i32.const 4128) (i32.const 1))))

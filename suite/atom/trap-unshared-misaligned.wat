;;! { "id": "atom/trap-unshared-misaligned", "kind": "program", "sort": "sound",
;;!   "requirements": ["ATOM-107", "MEM-012"],
;;!   "story": "A misaligned read-modify-write traps on a memory that is not shared, too.",
;;!   "expect": {"trap": true, "stdout": "ATOM-107 before=1\n"},
;;!   "fault": "64-bit atomics require alignment 4" }
(module
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (memory (export "memory") 1 1)
  (data (i32.const 4096) "ATOM-107 before\00")
  (data (i32.const 4128) "ATOM-107 no trap\00")
  (func (export "_start")
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (drop (i64.atomic.rmw.add (i32.const 8196) (i64.const 1)))
    (call $report (i32.const 4128) (i32.const 1))))

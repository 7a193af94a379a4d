;;! { "id": "mem/trap-memory64-address-overflows", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-018"],
;;!   "story": "On a memory with 64-bit addresses base and offset are added in 65 bits: 2^64 - 4 plus 8 is outside, not 4.",
;;!   "needs": ["memory64", "multi-memory"],
;;!   "expect": {"trap": true, "stdout": "MEM-018 before=1\n"},
;;!   "fault": "the effective address of a 64-bit memory is computed in 64 bits" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (memory $big i64 1 2 shared)
  (data (i32.const 4096) "MEM-018 before\00")
  (data (i32.const 4128) "MEM-018 no trap\00")
  (func (export "_start")
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (drop (i32.atomic.load 1 offset=8 (i64.const 0xfffffffffffffffc)))
    (call $report (i32.const 4128) (i32.const 1))))

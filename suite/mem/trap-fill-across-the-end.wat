;;! { "id": "mem/trap-fill-across-the-end", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-063"],
;;!   "story": "memory.fill checks its whole range: one byte too many traps.",
;;!   "expect": {"trap": true, "stdout": "MEM-063 before=1\n"},
;;!   "fault": "memory.fill stops at the end of the memory without a trap" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (data (i32.const 4096) "MEM-063 before\00")
  (data (i32.const 4128) "MEM-063 no trap\00")
  (func (export "_start")
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (memory.fill (i32.const 65530) (i32.const 7) (i32.const 7))
    (call $report (i32.const 4128) (i32.const 1))))

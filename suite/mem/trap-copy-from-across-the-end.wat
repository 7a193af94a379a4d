;;! { "id": "mem/trap-copy-from-across-the-end", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-063"],
;;!   "story": "memory.copy checks its source as well as its destination.",
;;!   "expect": {"trap": true, "stdout": "MEM-063 before=1\n"},
;;!   "fault": "memory.copy checks only its destination" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (data (i32.const 4096) "MEM-063 before\00")
  (data (i32.const 4128) "MEM-063 no trap\00")
  (func (export "_start")
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (memory.copy (i32.const 8192) (i32.const 65536) (i32.const 1))
    (call $report (i32.const 4128) (i32.const 1))))

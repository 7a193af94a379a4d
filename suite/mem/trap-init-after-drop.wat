;;! { "id": "mem/trap-init-after-drop", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-071"],
;;!   "story": "After data.drop a segment has length 0, so memory.init of one byte traps.",
;;!   "expect": {"trap": true, "stdout": "MEM-071 before=1\n"},
;;!   "fault": "data.drop does nothing" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (data (i32.const 4096) "MEM-071 before\00")
  (data (i32.const 4128) "MEM-071 no trap\00")
  (data $d "x")
  (func (export "_start")
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (data.drop $d)
    (memory.init $d (i32.const 8192) (i32.const 0) (i32.const 1))
    (call $report (i32.const 4128) (i32.const 1))))

;;! { "id": "mem/trap-access-before-grow", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-060", "MEM-033"],
;;!   "story": "A page that the maximum allows, but that has not been grown, cannot be accessed.",
;;!   "expect": {"trap": true, "stdout": "MEM-060 before=1\n"},
;;!   "fault": "bounds are checked against the maximum" }
(module
  (import "env" "memory" (memory 1 3 shared)) (export "memory" (memory 0))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (data (i32.const 4096) "MEM-060 before\00")
  (data (i32.const 4128) "MEM-060 no trap\00")
  (func (export "_start")
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (drop (i32.load8_u (i32.const 65536)))
    (call $report (i32.const 4128) (i32.const 1))))

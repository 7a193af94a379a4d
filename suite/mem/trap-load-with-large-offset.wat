;;! { "id": "mem/trap-load-with-large-offset", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-060", "MM-008"],
;;!   "story": "Base and offset of a plain load are added without wrapping: 8208 + 0xFFFFFFF0 is far outside, and not 8192.",
;;!   "expect": {"trap": true, "stdout": "MEM-060 before=1\n"},
;;!   "fault": "the effective address is computed in 32 bits" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (data (i32.const 4096) "MEM-060 before\00")
  (data (i32.const 4128) "MEM-060 no trap\00")
  (func (export "_start")
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (drop (i32.load offset=0xfffffff0 (i32.const 8208)))
    (call $report (i32.const 4128) (i32.const 1))))

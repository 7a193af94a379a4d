;;! { "id": "mem/trap-store-across-the-end", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-060"],
;;!   "story": "A plain 64-bit store whose last byte lies behind the end of a shared memory traps.",
;;!   "expect": {"trap": true, "stdout": "MEM-060 before=1\n"},
;;!   "fault": "plain accesses check only their first byte" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (data (i32.const 4096) "MEM-060 before\00")
  (data (i32.const 4128) "MEM-060 no trap\00")
  (func (export "_start")
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (i64.store (i32.const 65529) (i64.const -1))
    (call $report (i32.const 4128) (i32.const 1))))

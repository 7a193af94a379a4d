;;! { "id": "div/tables-tell-the-design", "kind": "program", "sort": "sound",
;;!   "requirements": ["DIV-003", "DIV-002", "WT-035"],
;;!   "story": "A function that one thread puts into the table is not found there by another: what a dynamic linker would have to do again in each thread.",
;;!   "expect": {"exit": 0, "stdout": "result of element 0 in the thread=1\nresult of element 0 in main=2\nok\n"},
;;!   "fault": "the threading model shared-instance" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (data (i32.const 4096) "result of element 0 in the thread\00")
  (data (i32.const 4160) "result of element 0 in main\00")
  (type $number (func (result i32)))
  (table $t 1 funcref)
  (elem (i32.const 0) $one)
  (elem declare func $two $three)
  (func $one (type $number) (i32.const 1))
  (func $two (type $number) (i32.const 2))
  (func $three (type $number) (i32.const 3))
  (func (export "weft_thread") (param i32 i32)
    (call $report (i32.const 4096) (call_indirect (type $number) (i32.const 0)))
    (table.set $t (i32.const 0) (ref.func $three)))
  (func (export "_start")
    (table.set $t (i32.const 0) (ref.func $two))
    (drop (call $spawn (i32.const 0)))
    (call $join_all)
    (call $report (i32.const 4160) (call_indirect (type $number) (i32.const 0)))))

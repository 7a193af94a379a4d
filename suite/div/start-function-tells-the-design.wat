;;! { "id": "div/start-function-tells-the-design", "kind": "program", "sort": "sound",
;;!   "requirements": ["DIV-010", "WT-038"],
;;!   "story": "How often the start function has run after two threads: three times with an instance for each thread, once where all run in one (as with a fork instruction).",
;;!   "expect": {"exit": 0, "stdout": "runs of the start function=3\nok\n"},
;;!   "fault": "the threading model shared-instance" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (data (i32.const 4096) "runs of the start function\00")
  (func $start (drop (i32.atomic.rmw.add (i32.const 8192) (i32.const 1))))
  (start $start)
  (func (export "weft_thread") (param i32 i32))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (call $join_all)
    (drop (call $spawn (i32.const 0)))
    (call $join_all)
    (call $report (i32.const 4096) (i32.atomic.load (i32.const 8192)))))

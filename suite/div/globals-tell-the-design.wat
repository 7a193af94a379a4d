;;! { "id": "div/globals-tell-the-design", "kind": "program", "sort": "sound",
;;!   "requirements": ["DIV-001", "DIV-002", "WT-034"],
;;!   "story": "What a thread finds in a mutable global that its spawner has changed tells whether each thread has an instance (the initial value, as wasi-threads wants) or all run in one (the spawner's value).",
;;!   "expect": {"exit": 0, "stdout": "global in the thread=5\nglobal in main after the thread wrote 9=7\nok\n"},
;;!   "fault": "the threading model shared-instance" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (data (i32.const 4096) "global in the thread\00")
  (data (i32.const 4160) "global in main after the thread wrote 9\00")
  (global $g (mut i32) (i32.const 5))
  (func (export "weft_thread") (param i32 i32)
    (call $report (i32.const 4096) (global.get $g))
    (global.set $g (i32.const 9)))
  (func (export "_start")
    (global.set $g (i32.const 7))
    (drop (call $spawn (i32.const 0)))
    (call $join_all)
    (call $report (i32.const 4160) (global.get $g))))

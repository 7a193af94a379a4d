;;! { "id": "div/spawn-from-a-thread", "kind": "program", "sort": "sound",
;;!   "requirements": ["DIV-007", "WT-027"],
;;!   "story": "Whether a spawned thread can spawn: hosts that make threads in the main thread only give a negative number.",
;;!   "expect": {"diverges": [{"exit": 0, "stdout": "grandchild=0\nok\n"}],
;;!              "else": {"exit": 0, "stdout": "grandchild=1\nok\n"}},
;;!   "fault": "thread-spawn gives -1 in spawned threads" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "try_spawn" (func $try_spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (data (i32.const 4096) "grandchild\00")
  (func (export "weft_thread") (param $tid i32) (param $generation i32)
    (if (local.get $generation)
      (then (i32.atomic.store (i32.const 8192) (i32.const 1)))
      (else (drop (call $try_spawn (i32.const 1))))))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (call $join_all)
    (call $report (i32.const 4096) (i32.atomic.load (i32.const 8192)))))

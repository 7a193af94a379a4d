;;! { "id": "wt/exit-code-255-of-a-thread", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-064"],
;;!   "story": "What becomes of proc_exit(255) of a spawned thread is left to the host: recorded.",
;;!   "expect": {"record": "exit"},
;;!   "fault": "an exit of a spawned thread ends only that thread (TIMEOUT); the status is left to the host, the test records it" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (func (export "weft_thread") (param i32 i32) (call $proc_exit (i32.const 255)))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (drop (memory.atomic.wait32 (i32.const 8192) (i32.const 0) (i64.const -1)))))

;;! { "id": "wt/exit-of-thread-ends-main-that-waits", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-052", "WT-054"],
;;!   "story": "A proc_exit(77) of a spawned thread ends the main thread, which waits in wait32 without timeout.",
;;!   "expect": {"exit": 77, "stdout": "ran=1\n"},
;;!   "fault": "the end of the group does not wake threads that wait in memory" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (data (i32.const 4096) "ran\00")
  ;; 8192: 1 when the thread that is to be ended is about to block
  (func $announce
    (i32.atomic.store (i32.const 8192) (i32.const 1))
    (drop (memory.atomic.notify (i32.const 8192) (i32.const 1))))
  ;; The 20 ms let it really block in most runs; nothing is concluded from them.
  (func $await
    (drop (memory.atomic.wait32 (i32.const 8192) (i32.const 0) (i64.const -1)))
    (drop (memory.atomic.wait32 (i32.const 8256) (i32.const 0) (i64.const 20000000))))
  (func $never_returns
    (drop (memory.atomic.wait32 (i32.const 8200) (i32.const 0) (i64.const -1)))
    (call $proc_exit (i32.const 66)))
  (func (export "weft_thread") (param i32 i32)
    (call $await)
    (call $proc_exit (i32.const 77)))
  (func (export "_start")
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (drop (call $spawn (i32.const 0)))
    (call $announce)
    (call $never_returns)))

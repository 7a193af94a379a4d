;;! { "id": "p1/output-while-another-thread-reads", "kind": "program", "sort": "sound",
;;!   "requirements": ["P1-003", "WT-053"],
;;!   "story": "A thread that reads a standard input that never delivers does not keep another one from writing, nor from ending the program.",
;;!   "stdin": "open",
;;!   "expect": {"exit": 0, "stdout": "written=1\nwritten=2\nwritten=3\nok\n"},
;;!   "fault": "the end of the group does not wake fd_read" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (import "wasi_snapshot_preview1" "fd_read"
    (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (data (i32.const 4096) "written\00")
  ;; 8192: 1 when the thread is about to read   8256: nobody's
  (func (export "weft_thread") (param i32 i32)
    (i32.store (i32.const 8320) (i32.const 8448))
    (i32.store (i32.const 8324) (i32.const 1))
    (i32.atomic.store (i32.const 8192) (i32.const 1))
    (drop (memory.atomic.notify (i32.const 8192) (i32.const 1)))
    (drop (call $fd_read (i32.const 0) (i32.const 8320) (i32.const 1) (i32.const 8416)))
    (call $proc_exit (i32.const 66)))
  (func $pause
    (drop (memory.atomic.wait32 (i32.const 8256) (i32.const 0) (i64.const 20000000))))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (drop (memory.atomic.wait32 (i32.const 8192) (i32.const 0) (i64.const -1)))
    (call $report (i32.const 4096) (i32.const 1)) (call $flush) (call $pause)
    (call $report (i32.const 4096) (i32.const 2)) (call $flush) (call $pause)
    (call $report (i32.const 4096) (i32.const 3)) (call $flush)))

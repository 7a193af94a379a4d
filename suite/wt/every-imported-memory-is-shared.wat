;;! { "id": "wt/every-imported-memory-is-shared", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-013", "WT-012"],
;;!   "story": "A module that imports two shared memories: its threads get the same two.",
;;!   "needs": ["multi-memory"],
;;!   "expect": {"any": [{"exit": 0, "stdout": "both\n"}, {"reject": "any"}]},
;;!   "fault": "a thread's instance gets new memories" }
(module
  (import "env" "memory" (memory $first 1 1 shared)) (export "memory" (memory $first))
  (import "env" "second" (memory $second 1 2 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (data (memory $first) (i32.const 64) "both\nnot both\n")
  (func (export "wasi_thread_start") (param i32 i32)
    (i32.store $second (i32.const 256) (i32.const 7))
    (i32.atomic.store $first (i32.const 128) (i32.const 1))
    (drop (memory.atomic.notify $first (i32.const 128) (i32.const 1))))
  (func (export "_start")
    (if (i32.lt_s (call $spawn (i32.const 0)) (i32.const 0))
      (then (call $proc_exit (i32.const 90))))
    (drop (memory.atomic.wait32 $first (i32.const 128) (i32.const 0) (i64.const 5000000000)))
    (i32.store $first (i32.const 0) (i32.const 64))
    (i32.store $first (i32.const 4) (i32.const 5))
    (if (i32.ne (i32.load $second (i32.const 256)) (i32.const 7))
      (then
        (i32.store $first (i32.const 0) (i32.const 69))
        (i32.store $first (i32.const 4) (i32.const 9))))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))

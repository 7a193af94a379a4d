;;! { "id": "wt/memory-of-any-name", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-010", "WT-004", "WT-001"],
;;!   "story": "The shared memory may be imported under any name with any limits: the host makes one that fits the import.",
;;!   "expect": {"diverges": [{"reject": "any"}, {"trap": true, "stdout": ""}],
;;!              "else": {"exit": 0, "stdout": "shared\n"}},
;;!   "fault": "only env.memory is provided" }
(module
  (import "foo" "bar" (memory 3 7 shared)) (export "memory" (memory 0))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (data (i32.const 64) "shared\n")
  (func (export "wasi_thread_start") (param i32 i32)
    (i32.store (i32.const 131072) (memory.size))
    (i32.atomic.store (i32.const 128) (i32.const 1))
    (drop (memory.atomic.notify (i32.const 128) (i32.const 1))))
  (func (export "_start")
    (if (i32.lt_s (call $spawn (i32.const 0)) (i32.const 0))
      (then (call $proc_exit (i32.const 90))))
    (drop (memory.atomic.wait32 (i32.const 128) (i32.const 0) (i64.const -1)))
    (if (i32.ne (i32.load (i32.const 131072)) (i32.const 3))
      (then (call $proc_exit (i32.const 65))))
    (if (i32.ne (memory.grow (i32.const 4)) (i32.const 3)) (then (call $proc_exit (i32.const 66))))
    (if (i32.ne (memory.grow (i32.const 1)) (i32.const -1)) (then (call $proc_exit (i32.const 67))))
    (i32.store (i32.const 0) (i32.const 64))
    (i32.store (i32.const 4) (i32.const 7))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))

;;! { "id": "wt/defined-shared-memory", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-015"],
;;!   "story": "A module that defines its shared memory and spawns: it may be refused, get a negative number, or its threads may have memories of their own; a memory that they share diverges.",
;;!   "expect": {"diverges": [{"exit": 0, "stdout": "shared\n"}],
;;!              "else": {"any": [{"exit": 0, "stdout": "private\n"},
;;!                               {"exit": 0, "stdout": "negative\n"}, {"reject": "any"}]}},
;;!   "fault": "a memory that a module defines counts as unshared: the wait traps" }
(module
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1 1 shared)
  (data (i32.const 64) "shared\nprivate\nnegative\n")
  (func $print (param $at i32) (param $size i32)
    (i32.store (i32.const 0) (local.get $at))
    (i32.store (i32.const 4) (local.get $size))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
  (func (export "wasi_thread_start") (param i32 i32)
    (i32.atomic.store (i32.const 128) (i32.const 1))
    (drop (memory.atomic.notify (i32.const 128) (i32.const 1))))
  (func (export "_start")
    (if (i32.lt_s (call $spawn (i32.const 0)) (i32.const 0))
      (then (call $print (i32.const 79) (i32.const 9)) (return)))
    (drop (memory.atomic.wait32 (i32.const 128) (i32.const 0) (i64.const 500000000)))
    (if (i32.atomic.load (i32.const 128))
      (then (call $print (i32.const 64) (i32.const 7)))
      (else (call $print (i32.const 71) (i32.const 8))))))

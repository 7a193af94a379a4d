;;! { "id": "wt/missing-entry", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-005"],
;;!   "story": "A module that spawns but exports no wasi_thread_start is refused, or traps, or gets a negative number; a positive one would promise a thread that cannot run.",
;;!   "expect": {"any": [{"exit": 0, "stdout": "spawn\nnegative\n"}, {"reject": "any"},
;;!                      {"trap": true, "stdout": "spawn\n"}]},
;;!   "fault": "a number is given for a thread without an entry" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (data (i32.const 64) "spawn\nnegative\nnot negative\n")
  (func $print (param $at i32) (param $size i32)
    (i32.store (i32.const 0) (local.get $at))
    (i32.store (i32.const 4) (local.get $size))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
  (func (export "_start")
    (call $print (i32.const 64) (i32.const 6))
    (if (i32.ge_s (call $spawn (i32.const 0)) (i32.const 0))
      (then (call $print (i32.const 79) (i32.const 13)))
      (else (call $print (i32.const 70) (i32.const 9))))))

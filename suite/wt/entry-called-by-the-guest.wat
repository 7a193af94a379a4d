;;! { "id": "wt/entry-called-by-the-guest", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-006"],
;;!   "story": "wasi_thread_start is an ordinary function: main calls it itself, with any thread id, and it runs in main, in main's instance.",
;;!   "expect": {"exit": 64, "stdout": ""},
;;!   "fault": "a call of the function exported as wasi_thread_start is ignored" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (global $calls (mut i32) (i32.const 0))
  (func $entry (export "wasi_thread_start") (param $tid i32) (param $arg i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (i32.store (i32.const 8) (i32.add (local.get $tid) (local.get $arg))))
  (func (export "_start")
    (call $entry (i32.const 0x7fffffff) (i32.const 1))
    (call $entry (i32.const 0) (i32.const -1))
    (call $exit
      (i32.add (i32.const 64)
        (i32.or (i32.ne (global.get $calls) (i32.const 2))
                (i32.ne (i32.load (i32.const 8)) (i32.const -1)))))))

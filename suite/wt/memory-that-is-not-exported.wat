;;! { "id": "wt/memory-that-is-not-exported", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-011"],
;;!   "story": "A module imports its memory but does not export it, and writes: a host may take the import, give an error number, or refuse.",
;;!   "expect": {"any": [{"exit": 0, "stdout": "alive\n"}, {"exit": 70, "stdout": ""},
;;!                      {"reject": "any"}, {"trap": true, "stdout": ""}]},
;;!   "fault": "a host call without an exported memory is success and does nothing" }
(module
  (import "env" "memory" (memory 1 1 shared))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (data (i32.const 64) "alive\n")
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 64))
    (i32.store (i32.const 4) (i32.const 6))
    (if (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))
      (then (call $proc_exit (i32.const 70))))))

;;! { "id": "wt/spawn-import-of-another-type", "kind": "reject", "sort": "sound",
;;!   "requirements": ["WT-002"],
;;!   "story": "An import of wasi.thread-spawn with a type that no ABI uses fails when the module is linked.",
;;!   "expect": {"reject": "link"},
;;!   "fault": "thread-spawn is provided with whatever type the import has" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "wasi" "thread-spawn" (func $spawn (param i64) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (data (i32.const 64) "accepted\n")
  (func (export "wasi_thread_start") (param i32 i32))
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 64))
    (i32.store (i32.const 4) (i32.const 9))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))

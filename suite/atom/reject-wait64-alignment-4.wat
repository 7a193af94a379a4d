;;! { "id": "atom/reject-wait64-alignment-4", "kind": "reject", "sort": "sound",
;;!   "requirements": ["ATOM-072"],
;;!   "story": "memory.atomic.wait64 has alignment 8 and no other.",
;;!   "expect": {"reject": "validate"},
;;!   "fault": "atomic accesses may have a smaller alignment" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (data (i32.const 16) "accepted\n")
  (func (result i32)
    (memory.atomic.wait64 align=4 (i32.const 64) (i64.const 1) (i64.const 0)))
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 16))
    (i32.store (i32.const 4) (i32.const 9))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))

;;! { "id": "atom/reject-8-bit-alignment-2", "kind": "reject", "sort": "sound",
;;!   "requirements": ["ATOM-073"],
;;!   "story": "An 8-bit atomic access has alignment 1 and no other.",
;;!   "expect": {"reject": "validate"},
;;!   "fault": "atomic accesses may have a larger alignment" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (data (i32.const 16) "accepted\n")
  (func (result i64) (i64.atomic.rmw8.cmpxchg_u align=2 (i32.const 64) (i64.const 1) (i64.const 2)))
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 16))
    (i32.store (i32.const 4) (i32.const 9))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))

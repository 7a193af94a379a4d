;;! { "id": "atom/reject-i32-operand-of-narrow-i64-form", "kind": "reject", "sort": "sound",
;;!   "requirements": ["ATOM-082"],
;;!   "story": "i64.atomic.rmw8.add_u takes and returns i64, although it touches one byte.",
;;!   "expect": {"reject": "validate"},
;;!   "fault": "operand types are not checked" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (data (i32.const 16) "accepted\n")
  (func (result i64) (i64.atomic.rmw8.add_u (i32.const 64) (i32.const 1)))
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 16))
    (i32.store (i32.const 4) (i32.const 9))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))

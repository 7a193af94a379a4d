;;! { "id": "atom/reject-atomic-in-constant-expression", "kind": "reject", "sort": "sound",
;;!   "requirements": ["ATOM-084"],
;;!   "story": "An atomic load is no constant expression.",
;;!   "expect": {"reject": "validate"},
;;!   "fault": "constant expressions may hold atomic loads" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (data (i32.const 16) "accepted\n")
  (data (offset (i32.atomic.load (i32.const 0))) "x")
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 16))
    (i32.store (i32.const 4) (i32.const 9))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))

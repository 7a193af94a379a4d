;;! { "id": "atom/reject-bad-alignment-in-dead-code", "kind": "reject", "sort": "sound",
;;!   "requirements": ["ATOM-083"],
;;!   "story": "Immediates are checked in unreachable code as well.",
;;!   "expect": {"reject": "validate"},
;;!   "fault": "alignment is not checked in unreachable code" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (data (i32.const 16) "accepted\n")
  (func (result i32) (unreachable) (i32.atomic.rmw16.xchg_u align=1))
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 16))
    (i32.store (i32.const 4) (i32.const 9))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))

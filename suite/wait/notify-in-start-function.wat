;;! { "id": "wait/notify-in-start-function", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-050", "ATOM-085"],
;;!   "story": "The start function may notify, wait with a timeout and use atomics like any other function.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "start functions are not run" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "WAIT-050 notify\00")
  (data (i32.const 4128) "WAIT-050 wait, timeout 0\00")
  (data (i32.const 4160) "WAIT-050 wait, not equal\00")
  (data (i32.const 4192) "ATOM-085 cmpxchg\00")
  (data (i32.const 4224) "ATOM-085 cell\00")
  (func $first
    (i32.atomic.store (i32.const 8192) (i32.const 5))
    (i32.atomic.store (i32.const 8196) (memory.atomic.notify (i32.const 8192) (i32.const 1)))
    (i32.atomic.store (i32.const 8200)
      (memory.atomic.wait32 (i32.const 8192) (i32.const 5) (i64.const 0)))
    (i32.atomic.store (i32.const 8204)
      (memory.atomic.wait32 (i32.const 8192) (i32.const 6) (i64.const -1)))
    (i32.atomic.store (i32.const 8208)
      (i32.atomic.rmw.cmpxchg (i32.const 8192) (i32.const 5) (i32.const 9)))
    (atomic.fence))
  (start $first)
  (func (export "_start")
    (call $check (i32.const 4096) (i32.atomic.load (i32.const 8196)) (i32.const 0))
    (call $check (i32.const 4128) (i32.atomic.load (i32.const 8200)) (i32.const 2))
    (call $check (i32.const 4160) (i32.atomic.load (i32.const 8204)) (i32.const 1))
    (call $check (i32.const 4192) (i32.atomic.load (i32.const 8208)) (i32.const 5))
    (call $check (i32.const 4224) (i32.atomic.load (i32.const 8192)) (i32.const 9))))

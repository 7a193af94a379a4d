;;! { "id": "wait/notify-on-unshared-returns-0", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-002", "MEM-011"],
;;!   "story": "notify on a memory that is not shared is valid and returns 0 for every count.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "notify on an unshared memory traps" }
(module
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (memory (export "memory") 1 1)
  (data (i32.const 4096) "WAIT-002 count 1\00")
  (data (i32.const 4128) "WAIT-002 count -1\00")
  (data (i32.const 4160) "WAIT-002 last cell\00")
  (func (export "_start")
    (call $check (i32.const 4096)
      (memory.atomic.notify (i32.const 8192) (i32.const 1)) (i32.const 0))
    (call $check (i32.const 4128)
      (memory.atomic.notify offset=4 (i32.const 8192) (i32.const -1)) (i32.const 0))
    (call $check (i32.const 4160)
      (memory.atomic.notify (i32.const 65532) (i32.const 0)) (i32.const 0))))

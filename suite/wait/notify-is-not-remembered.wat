;;! { "id": "wait/notify-is-not-remembered", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-033", "WAIT-034", "WAIT-007", "WAIT-005"],
;;!   "story": "A notify without a waiter returns 0 and is forgotten: the next wait times out. A waiter that has timed out has left the queue: the next notify does not count it.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "a notify that finds nobody leaves a mark that the next wait takes" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "WAIT-033 notify of nobody\00")
  (data (i32.const 4144) "WAIT-033 later wait32\00")
  (data (i32.const 4192) "WAIT-034 notify after its timeout\00")
  (data (i32.const 4240) "WAIT-033 later wait64\00")
  (data (i32.const 4288) "WAIT-034 notify after wait64\00")
  (data (i32.const 4336) "WAIT-034 notify after timeout 0\00")
  (data (i32.const 4384) "WAIT-007 count 0\00")
  (data (i32.const 4432) "WAIT-005 notify at 4 mod 8\00")
  (func (export "_start")
    (call $check (i32.const 4096)
      (memory.atomic.notify (i32.const 8192) (i32.const 1)) (i32.const 0))
    (call $check (i32.const 4144)
      (memory.atomic.wait32 (i32.const 8192) (i32.const 0) (i64.const 1000000)) (i32.const 2))
    (call $check (i32.const 4192)
      (memory.atomic.notify (i32.const 8192) (i32.const -1)) (i32.const 0))
    (call $check (i32.const 4240)
      (memory.atomic.wait64 (i32.const 8192) (i64.const 0) (i64.const 1000000)) (i32.const 2))
    (call $check (i32.const 4288)
      (memory.atomic.notify (i32.const 8192) (i32.const -1)) (i32.const 0))
    (call $check (i32.const 4336)
      (i32.add
        (memory.atomic.wait32 (i32.const 8192) (i32.const 0) (i64.const 0))
        (memory.atomic.notify (i32.const 8192) (i32.const 1)))
      (i32.const 2))
    (call $check (i32.const 4384)
      (memory.atomic.notify (i32.const 8192) (i32.const 0)) (i32.const 0))
    (call $check (i32.const 4432)
      (memory.atomic.notify (i32.const 8196) (i32.const 1)) (i32.const 0))))

;;! { "id": "wait/memories-do-not-interfere", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-040", "MEM-015"],
;;!   "story": "A thread waits on a memory of its own instance while main notifies the same address of the common memory: main counts nobody, and the wait times out.",
;;!   "needs": ["multi-memory"],
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "all memories share one table of wait queues" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (memory $own 1 1 shared)
  (data (i32.const 4096) "WAIT-040 result\00")
  (data (i32.const 4128) "WAIT-040 counted\00")
  ;; 8192 the cell, in both memories   8256 the thread is about to wait, has returned
  (func $wait (result i32)
    (memory.atomic.wait32 1 (i32.const 8192) (i32.const 0) (i64.const 30000000)))
  (func (export "weft_thread") (param i32 i32)
    (i32.atomic.store (i32.const 8256) (i32.const 1))
    (call $check (i32.const 4096) (call $wait) (i32.const 2))
    (i32.atomic.store (i32.const 8256) (i32.const 2)))
  (func (export "_start") (local $woken i32)
    (drop (call $spawn (i32.const 0)))
    (loop $until_returned
      (local.set $woken
        (i32.add (local.get $woken) (memory.atomic.notify (i32.const 8192) (i32.const -1))))
      (br_if $until_returned (i32.ne (i32.atomic.load (i32.const 8256)) (i32.const 2))))
    (call $join_all)
    (call $check (i32.const 4128) (local.get $woken) (i32.const 0))))

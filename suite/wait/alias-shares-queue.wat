;;! { "id": "wait/alias-shares-queue", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-027", "WAIT-041"],
;;!   "story": "One memory imported twice is one memory: contents, length and wait queues are the same under both indices. A host that refuses a second import of one thing is reported as a divergence: it is the host, not the instructions.",
;;!   "needs": ["multi-memory"],
;;!   "expect": {"diverges": [{"reject": "any"}], "else": {"exit": 0, "stdout": "ok\n"}},
;;!   "fault": "every memory index has wait queues of its own" }
(module
  (import "env" "memory" (memory 1 2 shared)) (export "memory" (memory 0))
  (import "env" "memory" (memory 1 2 shared))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "MEM-027 result\00")
  (data (i32.const 4128) "MEM-027 never counted\00")
  (data (i32.const 4160) "MEM-027 contents\00")
  (data (i32.const 4192) "MEM-027 grow\00")
  (data (i32.const 4224) "MEM-027 size\00")
  ;; 8192 the cell, always 7   8256 nobody notifies here
  (func $wait (result i32)
    (memory.atomic.wait32 0 (i32.const 8192) (i32.const 7) (i64.const -1)))
  (func (export "weft_thread") (param i32 i32)
    (call $check (i32.const 4096) (call $wait) (i32.const 0)))
  (func $pause
    (drop (memory.atomic.wait32 (i32.const 8256) (i32.const 0) (i64.const 1000000))))
  ;; Notifies through the other index until the waiter is counted, some 5 s long.
  (func $wake (local $tries i32)
    (loop $until_counted
      (if (memory.atomic.notify 1 (i32.const 8192) (i32.const 1)) (then (return)))
      (call $pause)
      (local.set $tries (i32.add (local.get $tries) (i32.const 1)))
      (br_if $until_counted (i32.lt_u (local.get $tries) (i32.const 4000))))
    (call $check (i32.const 4128) (i32.const 0) (i32.const 1)))
  (func (export "_start")
    (i32.store 1 (i32.const 8192) (i32.const 7))
    (call $check (i32.const 4160) (i32.load 0 (i32.const 8192)) (i32.const 7))
    (drop (call $spawn (i32.const 0)))
    (call $wake)
    (call $check (i32.const 4192) (memory.grow 1 (i32.const 1)) (i32.const 1))
    (call $check (i32.const 4224) (memory.size 0) (i32.const 2))))

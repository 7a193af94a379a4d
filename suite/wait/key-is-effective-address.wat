;;! { "id": "wait/key-is-effective-address", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-036", "WAIT-041"],
;;!   "story": "The queue belongs to the effective address: base plus offset of the wait and of the notify may be split differently, and the two threads run in different instances.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "notify looks for the queue of the base without the offset" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "WAIT-036 result of the wait\00")
  (data (i32.const 4128) "WAIT-036 never counted, case\00")
  ;; 8200, 8208, 8224, 8232 the cells, always 0   8256 nobody notifies here
  (func $wait (param $case i32) (result i32)
    (if (i32.eqz (local.get $case))
      (then (return (memory.atomic.wait32 offset=8 (i32.const 8192) (i32.const 0) (i64.const -1)))))
    (if (i32.eq (local.get $case) (i32.const 1))
      (then (return (memory.atomic.wait32 (i32.const 8208) (i32.const 0) (i64.const -1)))))
    (if (i32.eq (local.get $case) (i32.const 2))
      (then (return (memory.atomic.wait64 offset=8217 (i32.const 7) (i64.const 0) (i64.const -1)))))
    (memory.atomic.wait32 offset=8232 (i32.const 0) (i32.const 0) (i64.const -1)))
  (func $notify (param $case i32) (result i32)
    (if (i32.eqz (local.get $case))
      (then (return (memory.atomic.notify (i32.const 8200) (i32.const 1)))))
    (if (i32.eq (local.get $case) (i32.const 1))
      (then (return (memory.atomic.notify offset=16 (i32.const 8192) (i32.const 1)))))
    (if (i32.eq (local.get $case) (i32.const 2))
      (then (return (memory.atomic.notify offset=24 (i32.const 8200) (i32.const 1)))))
    (memory.atomic.notify offset=1 (i32.const 8231) (i32.const 1)))
  (func $pause
    (drop (memory.atomic.wait32 (i32.const 8256) (i32.const 0) (i64.const 1000000))))
  (func (export "weft_thread") (param $tid i32) (param $case i32)
    (call $check (i32.const 4096) (call $wait (local.get $case)) (i32.const 0)))
  ;; Notifies until the waiter is counted, some 5 s long.
  (func $wake (param $case i32) (local $tries i32)
    (loop $until_counted
      (if (call $notify (local.get $case)) (then (return)))
      (call $pause)
      (local.set $tries (i32.add (local.get $tries) (i32.const 1)))
      (br_if $until_counted (i32.lt_u (local.get $tries) (i32.const 4000))))
    (call $check (i32.const 4128) (local.get $case) (i32.const -1)))
  (func (export "_start") (local $case i32)
    (loop $cases
      (drop (call $spawn (local.get $case)))
      (call $wake (local.get $case))
      (local.set $case (i32.add (local.get $case) (i32.const 1)))
      (br_if $cases (i32.lt_u (local.get $case) (i32.const 4))))))

;;! { "id": "p1/poll-blocks-only-its-caller", "kind": "program", "sort": "timing",
;;!   "requirements": ["P1-028", "WT-056"],
;;!   "story": "A thread that sleeps 200 ms in poll_oneoff sleeps so long at least, and the other thread goes on meanwhile.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "poll_oneoff waits for half of the timeout" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "wasi_snapshot_preview1" "clock_time_get"
    (func $clock_time_get (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff"
    (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (data (i32.const 4096) "P1-028 error number\00")
  (data (i32.const 4160) "P1-028 events\00")
  (data (i32.const 4224) "P1-028 returned early\00")
  (data (i32.const 4288) "P1-028 steps of main while the thread slept\00")
  (data (i32.const 4352) "P1-028 user data\00")
  ;; 8192: 1 asleep, 2 awake   8200 time before   8208 time after
  ;; 8256 subscription   8320 event   8384 number of events
  (func (export "weft_thread") (param i32 i32)
    (i64.store (i32.const 8256) (i64.const 0x1122334455667788))
    (i32.store (i32.const 8272) (i32.const 1))
    (i64.store (i32.const 8280) (i64.const 200000000))
    (drop (call $clock_time_get (i32.const 1) (i64.const 0) (i32.const 8200)))
    (i32.atomic.store (i32.const 8192) (i32.const 1))
    (call $check (i32.const 4096)
      (call $poll_oneoff (i32.const 8256) (i32.const 8320) (i32.const 1) (i32.const 8384))
      (i32.const 0))
    (i32.atomic.store (i32.const 8192) (i32.const 2))
    (drop (call $clock_time_get (i32.const 1) (i64.const 0) (i32.const 8208)))
    (call $check (i32.const 4160) (i32.load (i32.const 8384)) (i32.const 1))
    (call $check (i32.const 4352)
      (i64.eq (i64.load (i32.const 8320)) (i64.const 0x1122334455667788)) (i32.const 1))
    ;; 2 us for the resolution of clocks
    (call $check (i32.const 4224)
      (i64.lt_u (i64.sub (i64.load (i32.const 8208)) (i64.load (i32.const 8200)))
                (i64.const 199998000)) (i32.const 0)))
  (func (export "_start") (local $steps i32)
    (drop (call $spawn (i32.const 0)))
    (loop $again (br_if $again (i32.eqz (i32.atomic.load (i32.const 8192)))))
    (loop $again
      (if (i32.eq (i32.atomic.load (i32.const 8192)) (i32.const 1))
        (then (local.set $steps (i32.add (local.get $steps) (i32.const 1)))
              (br $again))))
    (call $check (i32.const 4288) (i32.lt_u (local.get $steps) (i32.const 100)) (i32.const 0))
    (call $join_all)))

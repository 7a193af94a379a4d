;;! { "id": "p1/poll-without-subscriptions", "kind": "program", "sort": "sound",
;;!   "requirements": ["P1-029"],
;;!   "story": "poll_oneoff with no subscription gives inval (28), on the main thread and on another.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "poll_oneoff with no subscription succeeds with no event" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff"
    (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (data (i32.const 4096) "P1-029 error number\00")
  (func $try
    (call $check (i32.const 4096)
      (call $poll_oneoff (i32.const 8256) (i32.const 8320) (i32.const 0) (i32.const 8384))
      (i32.const 28)))
  (func (export "weft_thread") (param i32 i32) (call $try))
  (func (export "_start")
    (call $try)
    (drop (call $spawn (i32.const 0)))
    (call $join_all)))

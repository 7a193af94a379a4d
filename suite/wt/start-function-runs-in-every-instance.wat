;;! { "id": "wt/start-function-runs-in-every-instance", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-038", "MM-097"],
;;!   "story": "The start function runs once in each thread's instance, before the thread enters wasi_thread_start.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "the start function is left out when a thread's instance is made" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "WT-038 runs of the start function\00")
  (data (i32.const 4160) "WT-038 start function ran before the entry\00")
  (global $initialised (mut i32) (i32.const 0))
  ;; 8192: runs so far
  (func $start
    (drop (i32.atomic.rmw.add (i32.const 8192) (i32.const 1)))
    (global.set $initialised (i32.const 1)))
  (start $start)
  (func (export "weft_thread") (param i32 i32)
    (call $check (i32.const 4160) (global.get $initialised) (i32.const 1)))
  (func (export "_start")
    (call $check (i32.const 4096) (i32.atomic.load (i32.const 8192)) (i32.const 1))
    (drop (call $spawn (i32.const 0)))
    (call $join_all)
    (call $check (i32.const 4096) (i32.atomic.load (i32.const 8192)) (i32.const 2))
    (drop (call $spawn (i32.const 0)))
    (drop (call $spawn (i32.const 0)))
    (call $join_all)
    (call $check (i32.const 4096) (i32.atomic.load (i32.const 8192)) (i32.const 4))))

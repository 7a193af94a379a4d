;;! { "id": "wt/trap-while-instantiating", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-025", "WT-021"],
;;!   "story": "When making the thread's instance traps, in its start function, thread-spawn gives a negative number and the spawner goes on.",
;;!   "expect": {"diverges": [{"trap": true, "stdout": "ran=1\n"}],
;;!              "else": {"exit": 0, "stdout": "ran=1\nok\n"}},
;;!   "fault": "a positive number is given although the start function trapped" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "try_spawn" (func $try_spawn (param i32) (result i32)))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "weft" "flush" (func $flush))
  (data (i32.const 4096) "ran\00")
  (data (i32.const 4160) "WT-025 a number for a thread that cannot run\00")
  (data (i32.const 4224) "WT-024 the next spawn runs\00")
  ;; 8192: the start function traps   8196: threads that ran
  (func $start (if (i32.atomic.load (i32.const 8192)) (then unreachable)))
  (start $start)
  (func (export "weft_thread") (param i32 i32)
    (drop (i32.atomic.rmw.add (i32.const 8196) (i32.const 1))))
  (func (export "_start") (local $tid i32)
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (i32.atomic.store (i32.const 8192) (i32.const 1))
    (local.set $tid (call $try_spawn (i32.const 0)))
    (call $check (i32.const 4160) (i32.ge_s (local.get $tid) (i32.const 0)) (i32.const 0))
    (if (i32.ge_s (local.get $tid) (i32.const 0))  ;; the trap may still come
      (then (drop (memory.atomic.wait32 (i32.const 8256) (i32.const 0) (i64.const 2000000000)))
            (return)))
    (i32.atomic.store (i32.const 8192) (i32.const 0))
    (drop (call $spawn (i32.const 0)))
    (call $join_all)
    (call $check (i32.const 4224) (i32.atomic.load (i32.const 8196)) (i32.const 1))))

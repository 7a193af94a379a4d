;;! { "id": "wt/spawn-until-negative", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-021", "WT-023", "WT-017", "WT-085", "WT-022"],
;;!   "story": "Up to 24 threads that wait are spawned: a limit shows as a negative number and not as a trap, those before it live, and the program ends normally.",
;;!   "timeout": 30,
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "at the limit of threads the result is 0" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "try_spawn" (func $try_spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "WT-017 zero\00")
  (data (i32.const 4160) "WT-021 threads that ran\00")
  (data (i32.const 4224) "WT-023 fewer than 3 threads\00")
  ;; 8192: 1 lets them go   8196: threads that ran
  (func $gate
    (drop (memory.atomic.wait32 (i32.const 8192) (i32.const 0) (i64.const -1))))
  (func (export "weft_thread") (param i32 i32)
    (call $gate)
    (drop (i32.atomic.rmw.add (i32.const 8196) (i32.const 1))))
  (func (export "_start") (local $tid i32) (local $threads i32)
    (block $full
      (loop $again
        (local.set $tid (call $try_spawn (i32.const 0)))
        (call $check (i32.const 4096) (i32.eqz (local.get $tid)) (i32.const 0))
        (br_if $full (i32.lt_s (local.get $tid) (i32.const 0)))
        (local.set $threads (i32.add (local.get $threads) (i32.const 1)))
        (br_if $again (i32.lt_u (local.get $threads) (i32.const 24)))))
    (i32.atomic.store (i32.const 8192) (i32.const 1))
    (drop (memory.atomic.notify (i32.const 8192) (i32.const -1)))
    (call $join_all)
    (call $check (i32.const 4160) (i32.atomic.load (i32.const 8196)) (local.get $threads))
    (call $check (i32.const 4224) (i32.lt_u (local.get $threads) (i32.const 3)) (i32.const 0))))

;;! { "id": "wt/two-threads-spawn-at-once", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-028", "WT-018"],
;;!   "story": "Two threads spawn at the same moment, forty times each: both get threads, and the threads that live have distinct numbers.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "every thread gets the same number" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "try_spawn" (func $try_spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (data (i32.const 4096) "WT-018 the two numbers are equal\00")
  (data (i32.const 4160) "WT-028 grandchildren that ran\00")
  ;; 8192 arrived   8196 generation   8256 + 4 i: the number that spawner i got
  ;; 8320: grandchildren that have run
  (func $nap (param $generation i32)
    (drop (memory.atomic.wait32 (i32.const 8196) (local.get $generation) (i64.const 1000000))))
  (func $meet (local $generation i32)
    (local.set $generation (i32.atomic.load (i32.const 8196)))
    (if (i32.eq (i32.atomic.rmw.add (i32.const 8192) (i32.const 1)) (i32.const 1))
      (then
        (i32.atomic.store (i32.const 8192) (i32.const 0))
        (i32.atomic.store (i32.const 8196) (i32.add (local.get $generation) (i32.const 1)))
        (drop (memory.atomic.notify (i32.const 8196) (i32.const -1)))
        (return)))
    (loop $again
      (if (i32.ne (i32.atomic.load (i32.const 8196)) (local.get $generation)) (then (return)))
      (call $nap (local.get $generation))
      (br $again)))
  ;; The grandchild lives until its round is over, so the two of a round live together.
  (func $stay (param $round i32)
    (drop (memory.atomic.wait32 (i32.const 8384) (local.get $round) (i64.const 1000000))))
  (func (export "weft_thread") (param $tid i32) (param $arg i32)
    (if (i32.eq (local.get $arg) (i32.const -1)) (then (call $spawner (i32.const 1)) (return)))
    (drop (i32.atomic.rmw.add (i32.const 8320) (i32.const 1)))
    (loop $again
      (call $stay (local.get $arg))
      (br_if $again (i32.eq (i32.atomic.load (i32.const 8384)) (local.get $arg)))))
  (func $spawner (param $who i32) (local $round i32) (local $tid i32)
    (loop $again
      (call $meet)
      (loop $retry  ;; the threads of the round before may not be gone yet
        (local.set $tid (call $try_spawn (local.get $round)))
        (br_if $retry (i32.lt_s (local.get $tid) (i32.const 0))))
      (i32.atomic.store (i32.add (i32.const 8256) (i32.shl (local.get $who) (i32.const 2)))
                        (local.get $tid))
      (call $meet)
      (if (i32.eqz (local.get $who))
        (then
          (call $check (i32.const 4096)
            (i32.eq (i32.atomic.load (i32.const 8256)) (i32.atomic.load (i32.const 8260)))
            (i32.const 0))
          (i32.atomic.store (i32.const 8384) (i32.add (local.get $round) (i32.const 1)))
          (drop (memory.atomic.notify (i32.const 8384) (i32.const -1)))))
      (local.set $round (i32.add (local.get $round) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $round) (i32.const 40)))))
  (func (export "_start")
    (drop (call $spawn (i32.const -1)))
    (call $spawner (i32.const 0))
    (call $join_all)
    (call $check (i32.const 4160) (i32.atomic.load (i32.const 8320)) (i32.const 80))))

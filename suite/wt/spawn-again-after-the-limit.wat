;;! { "id": "wt/spawn-again-after-the-limit", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-026", "WT-024"],
;;!   "story": "After up to 24 threads have lived and ended, also where a limit was reached, spawning works again (soon: the release of a thread takes time).",
;;!   "timeout": 30,
;;!   "expect": {"diverges": [{"exit": 0, "stdout": "again=0\nok\n"}],
;;!              "else": {"exit": 0, "stdout": "again=1\nok\n"}},
;;!   "fault": "after twelve threads in all none can be had" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "try_spawn" (func $try_spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (data (i32.const 4096) "again\00")
  ;; 8192: 1 lets them go   8256: nobody's
  (func $gate
    (drop (memory.atomic.wait32 (i32.const 8192) (i32.const 0) (i64.const -1))))
  (func $pause
    (drop (memory.atomic.wait32 (i32.const 8256) (i32.const 0) (i64.const 1000000))))
  (func (export "weft_thread") (param i32 i32) (call $gate))
  (func (export "_start") (local $threads i32) (local $tries i32)
    (block $full
      (loop $again
        (br_if $full (i32.lt_s (call $try_spawn (i32.const 0)) (i32.const 0)))
        (local.set $threads (i32.add (local.get $threads) (i32.const 1)))
        (br_if $again (i32.lt_u (local.get $threads) (i32.const 24)))))
    (i32.atomic.store (i32.const 8192) (i32.const 1))
    (drop (memory.atomic.notify (i32.const 8192) (i32.const -1)))
    (call $join_all)
    (block $spawned
      (loop $again
        (br_if $spawned (i32.gt_s (call $try_spawn (i32.const 0)) (i32.const 0)))
        (call $pause)
        (local.set $tries (i32.add (local.get $tries) (i32.const 1)))
        (br_if $again (i32.lt_u (local.get $tries) (i32.const 3000))))
      (call $report (i32.const 4096) (i32.const 0))
      (return))
    (call $join_all)
    (call $report (i32.const 4096) (i32.const 1))))

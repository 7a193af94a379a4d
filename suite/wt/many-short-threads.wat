;;! { "id": "wt/many-short-threads", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-047", "WT-016", "WT-017"],
;;!   "story": "400 threads are spawned and end one after the other: each runs once, and each number is in range.",
;;!   "timeout": 30,
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "numbers have bit 29 set" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "try_spawn" (func $try_spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (data (i32.const 4096) "WT-047 threads that ran\00")
  (data (i32.const 4160) "WT-016 numbers out of range\00")
  ;; 8192: threads that ran   8256: nobody's
  (func $pause
    (drop (memory.atomic.wait32 (i32.const 8256) (i32.const 0) (i64.const 1000000))))
  (func (export "weft_thread") (param i32 i32)
    (drop (i32.atomic.rmw.add (i32.const 8192) (i32.const 1))))
  ;; Retries: where threads are limited, those that have ended may not be gone yet.
  (func $spawn (result i32) (local $tid i32) (local $tries i32)
    (loop $again
      (local.set $tid (call $try_spawn (i32.const 0)))
      (if (i32.ge_s (local.get $tid) (i32.const 0)) (then (return (local.get $tid))))
      (call $pause)
      (local.set $tries (i32.add (local.get $tries) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $tries) (i32.const 3000))))
    (call $proc_exit (i32.const 90))
    (i32.const 0))
  (func (export "_start") (local $i i32) (local $tid i32) (local $bad i32)
    (loop $again
      (local.set $tid (call $spawn))
      (if (i32.or (i32.eqz (local.get $tid)) (i32.shr_u (local.get $tid) (i32.const 29)))
        (then (local.set $bad (i32.add (local.get $bad) (i32.const 1)))))
      (call $join_all)
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 400))))
    (call $check (i32.const 4096) (i32.atomic.load (i32.const 8192)) (i32.const 400))
    (call $check (i32.const 4160) (local.get $bad) (i32.const 0))))

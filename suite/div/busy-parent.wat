;;! { "id": "div/busy-parent", "kind": "program", "sort": "sound",
;;!   "requirements": ["DIV-008", "WT-030"],
;;!   "story": "A spawner that polls without ever blocking: on hosts with threads of the system the child runs meanwhile; where threads are cooperative it may never.",
;;!   "expect": {"diverges": [{"exit": 0, "stdout": "child ran=0\n"}],
;;!              "else": {"exit": 0, "stdout": "child ran=1\n"}},
;;!   "fault": "a spawned thread begins when the group ends (DIVERGES, after the 4 s)" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (import "wasi_snapshot_preview1" "clock_time_get"
    (func $clock_time_get (param i32 i64 i32) (result i32)))
  (data (i32.const 4096) "child ran\00")
  ;; 8192: 1 when the child has run   8200, 8208: times
  (func (export "weft_thread") (param i32 i32)
    (i32.atomic.store (i32.const 8192) (i32.const 1)))
  (func $spin (local $i i32)
    (loop $again
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (if (i32.atomic.load (i32.const 8192)) (then (return)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 100000)))))
  (func (export "_start")
    (drop (call $clock_time_get (i32.const 1) (i64.const 0) (i32.const 8200)))
    (drop (call $spawn (i32.const 0)))
    (loop $again  ;; for 4 s at most
      (call $spin)
      (drop (call $clock_time_get (i32.const 1) (i64.const 0) (i32.const 8208)))
      (br_if $again
        (i32.and (i32.eqz (i32.atomic.load (i32.const 8192)))
                 (i64.lt_u (i64.sub (i64.load (i32.const 8208)) (i64.load (i32.const 8200)))
                           (i64.const 4000000000)))))
    (call $report (i32.const 4096) (i32.atomic.load (i32.const 8192)))
    (call $flush)
    (call $proc_exit (i32.const 0))))

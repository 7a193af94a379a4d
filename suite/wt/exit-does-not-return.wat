;;! { "id": "wt/exit-does-not-return", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-062", "P1-038"],
;;!   "story": "proc_exit in a spawned thread never gives control back: what follows it does not run.",
;;!   "expect": {"exit": 77, "stdout": "ran=1\n"},
;;!   "fault": "proc_exit of a spawned thread gives control back to it" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (data (i32.const 4096) "ran\00")
  ;; 8192 arrived: both threads are here at about the same moment
  (func $meet
    (drop (i32.atomic.rmw.add (i32.const 8192) (i32.const 1)))
    (loop $again
      (br_if $again (i32.lt_u (i32.atomic.load (i32.const 8192)) (i32.const 2)))))
  (func (export "weft_thread") (param i32 i32)
    (call $meet)
    (call $proc_exit (i32.const 77))
    (call $report (i32.const 4096) (i32.const 2))
    (call $flush)
    (call $proc_exit (i32.const 66)))
  (func (export "_start")
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (drop (call $spawn (i32.const 0)))
    (call $meet)
    (loop $forever (br $forever))))

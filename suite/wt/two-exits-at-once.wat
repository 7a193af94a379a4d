;;! { "id": "wt/two-exits-at-once", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-060", "WT-052", "P1-038"],
;;!   "story": "Two threads exit at the same moment: one of the two codes is the program's.",
;;!   "expect": {"any": [{"exit": 71, "stdout": "ran=1\n"}, {"exit": 72, "stdout": "ran=1\n"}]},
;;!   "fault": "the lowest bit of an exit code is lost" }
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
    (call $proc_exit (i32.const 71)))
  (func (export "_start")
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (drop (call $spawn (i32.const 0)))
    (call $meet)
    (call $proc_exit (i32.const 72))))

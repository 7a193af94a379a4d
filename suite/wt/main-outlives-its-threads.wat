;;! { "id": "wt/main-outlives-its-threads", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-071"],
;;!   "story": "When all spawned threads have returned while the main thread waits, the program goes on: the wait times out and main returns.",
;;!   "expect": {"exit": 0, "stdout": "threads=2\nok\n"},
;;!   "fault": "the end of the last spawned thread ends the program" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (data (i32.const 4096) "threads\00")
  (data (i32.const 4160) "WT-071 result of main's wait\00")
  (func (export "weft_thread") (param i32 i32)
    (drop (i32.atomic.rmw.add (i32.const 8192) (i32.const 1)))
    (drop (memory.atomic.notify (i32.const 8192) (i32.const 1))))
  (func $await
    (drop (memory.atomic.wait32 (i32.const 8192) (i32.const 0) (i64.const -1)))
    (drop (memory.atomic.wait32 (i32.const 8192) (i32.const 1) (i64.const -1))))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (drop (call $spawn (i32.const 0)))
    (loop $again
      (call $await)
      (br_if $again (i32.lt_u (i32.atomic.load (i32.const 8192)) (i32.const 2))))
    ;; nobody notifies here
    (call $check (i32.const 4160)
      (memory.atomic.wait32 (i32.const 8256) (i32.const 0) (i64.const 300000000)) (i32.const 2))
    (call $report (i32.const 4096) (i32.atomic.load (i32.const 8192)))))

;;! { "id": "wt/stack-overflow-in-a-thread", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-067"],
;;!   "story": "Recursion without end in a spawned thread ends the whole program abnormally, and cleanly.",
;;!   "expect": {"trap": true, "stdout": "ran=1\n"},
;;!   "fault": "a trap of a spawned thread ends only that thread" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (data (i32.const 4096) "ran\00")
  (func $deeper (param $n i32) (result i32)
    (i32.add (local.get $n)
             (call $deeper (i32.add (local.get $n) (i32.atomic.load (i32.const 8192))))))
  (func (export "weft_thread") (param i32 i32)
    (drop (call $deeper (i32.const 1))))
  (func (export "_start")
    (call $report (i32.const 4096) (i32.const 1))
    (call $flush)
    (drop (call $spawn (i32.const 0)))
    (drop (memory.atomic.wait32 (i32.const 8256) (i32.const 0) (i64.const -1)))))

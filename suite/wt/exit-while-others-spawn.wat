;;! { "id": "wt/exit-while-others-spawn", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-052", "WT-028"],
;;!   "story": "A thread exits while the main thread and another one spawn without pause: the program ends with its code, whatever state the spawned threads are in.",
;;!   "expect": {"exit": 77, "stdout": ""},
;;!   "fault": "an exit of a spawned thread ends only that thread" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "try_spawn" (func $try_spawn (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  ;; 8192: short threads that ran
  (func $storm
    (loop $again
      (drop (call $try_spawn (i32.const 0)))
      (br $again)))
  (func (export "weft_thread") (param $tid i32) (param $what i32)
    (if (i32.eq (local.get $what) (i32.const 1)) (then (call $storm)))
    (if (i32.eq (i32.atomic.rmw.add (i32.const 8192) (i32.const 1)) (i32.const 20))
      (then (call $proc_exit (i32.const 77)))))
  (func (export "_start")
    (drop (call $spawn (i32.const 1)))
    (call $storm)))

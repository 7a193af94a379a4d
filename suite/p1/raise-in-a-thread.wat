;;! { "id": "p1/raise-in-a-thread", "kind": "program", "sort": "sound",
;;!   "requirements": ["P1-039"],
;;!   "story": "proc_raise of the abort signal in a spawned thread ends the program or gives an error number: recorded.",
;;!   "expect": {"record": "exit"},
;;!   "fault": "proc_raise does not come back (TIMEOUT); either end is allowed, the test records which" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (import "wasi_snapshot_preview1" "proc_raise" (func $proc_raise (param i32) (result i32)))
  (func (export "weft_thread") (param i32 i32)
    (if (call $proc_raise (i32.const 6)) (then (call $proc_exit (i32.const 70))))
    (call $proc_exit (i32.const 71)))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (call $join_all)))

;;! { "id": "wt/start-function-that-waits-for-its-spawner", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-039", "DIV-015"],
;;!   "story": "Whether thread-spawn returns before the thread's start function has run: the start function waits, for at most 0.3 s, for what the spawner stores after the call.",
;;!   "expect": {"record": "stdout"},
;;!   "fault": "a wait in a start function has no deadline (TIMEOUT); either order is allowed, the test records which" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (data (i32.const 4096) "spawn returned before the start function\00")
  ;; 8192: instances so far   8196: 1 after thread-spawn   8200: 1 if the start function saw that
  (func $start
    (if (i32.eqz (i32.atomic.rmw.add (i32.const 8192) (i32.const 1))) (then (return)))
    (drop (memory.atomic.wait32 (i32.const 8196) (i32.const 0) (i64.const 300000000)))
    (i32.atomic.store (i32.const 8200) (i32.atomic.load (i32.const 8196))))
  (start $start)
  (func (export "weft_thread") (param i32 i32))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (i32.atomic.store (i32.const 8196) (i32.const 1))
    (drop (memory.atomic.notify (i32.const 8196) (i32.const 1)))
    (call $join_all)
    (call $report (i32.const 4096) (i32.atomic.load (i32.const 8200)))))

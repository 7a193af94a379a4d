;;! { "id": "wt/thread-spawns-thread", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-027"],
;;!   "story": "A spawned thread spawns the next, four generations deep; each gets a number and runs.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "a thread that a spawned thread makes never starts" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "WT-027 generations that ran, one bit each\00")
  (func (export "weft_thread") (param $tid i32) (param $depth i32)
    (drop (i32.atomic.rmw.or (i32.const 8192) (i32.shl (i32.const 1) (local.get $depth))))
    (if (i32.lt_u (local.get $depth) (i32.const 3))
      (then (drop (call $spawn (i32.add (local.get $depth) (i32.const 1)))))))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (call $join_all)
    (call $check (i32.const 4096) (i32.atomic.load (i32.const 8192)) (i32.const 15))))

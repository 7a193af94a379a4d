;;! { "id": "wt/spawn-publishes-plain-writes", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-031", "MM-092"],
;;!   "story": "What the spawner wrote with plain stores before thread-spawn is there when the thread begins, every time.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "a thread gets the argument of the spawn before it" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "WT-031 stale cells\00")
  ;; 8192: stale cells counted   16384: 64 cells of 64 bytes
  (func $fill (param $value i32) (local $at i32)
    (local.set $at (i32.const 16384))
    (loop $again
      (i32.store (local.get $at) (local.get $value))
      (local.set $at (i32.add (local.get $at) (i32.const 64)))
      (br_if $again (i32.lt_u (local.get $at) (i32.const 20480)))))
  (func (export "weft_thread") (param $tid i32) (param $value i32) (local $at i32)
    (local.set $at (i32.const 20416))
    (loop $again
      (if (i32.ne (i32.load (local.get $at)) (local.get $value))
        (then (drop (i32.atomic.rmw.add (i32.const 8192) (i32.const 1)))))
      (local.set $at (i32.sub (local.get $at) (i32.const 64)))
      (br_if $again (i32.ge_u (local.get $at) (i32.const 16384)))))
  (func (export "_start") (local $i i32)
    (loop $again
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (call $fill (local.get $i))
      (drop (call $spawn (local.get $i)))
      (call $join_all)
      (br_if $again (i32.lt_u (local.get $i) (i32.const 300))))
    (call $check (i32.const 4096) (i32.atomic.load (i32.const 8192)) (i32.const 0))))

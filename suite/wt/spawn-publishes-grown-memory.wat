;;! { "id": "wt/spawn-publishes-grown-memory", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-032"],
;;!   "story": "Pages that the spawner grew and bulk data that it copied before thread-spawn are there for the thread.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "a thread gets the argument of the spawn before it" }
(module
  (import "env" "memory" (memory 1 21 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "WT-032 size in the thread\00")
  (data (i32.const 4160) "WT-032 last word of the last page\00")
  (data (i32.const 4224) "WT-032 bulk data\00")
  (func (export "weft_thread") (param $tid i32) (param $pages i32)
    (call $check (i32.const 4096) (memory.size) (local.get $pages))
    (call $check (i32.const 4160)
      (i32.load (i32.sub (i32.shl (local.get $pages) (i32.const 16)) (i32.const 4)))
      (local.get $pages))
    (call $check (i32.const 4224)
      (i32.load (i32.shl (i32.sub (local.get $pages) (i32.const 1)) (i32.const 16)))
      (i32.const 0x07070707)))
  (func (export "_start") (local $pages i32)
    (local.set $pages (i32.const 1))
    (loop $again
      (drop (memory.grow (i32.const 1)))
      (local.set $pages (i32.add (local.get $pages) (i32.const 1)))
      (memory.fill (i32.shl (i32.sub (local.get $pages) (i32.const 1)) (i32.const 16))
                   (i32.const 7) (i32.const 1024))
      (i32.store (i32.sub (i32.shl (local.get $pages) (i32.const 16)) (i32.const 4))
                 (local.get $pages))
      (drop (call $spawn (local.get $pages)))
      (call $join_all)
      (br_if $again (i32.lt_u (local.get $pages) (i32.const 21))))))

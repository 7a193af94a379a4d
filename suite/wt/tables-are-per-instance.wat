;;! { "id": "wt/tables-are-per-instance", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-035", "WT-037"],
;;!   "story": "A thread's table holds what the element segments say, whatever its spawner has put in its own; a function index that travels through memory means the same code in both.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "the threading model shared-instance" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "WT-035 element 0 in the child\00")
  (data (i32.const 4160) "WT-035 size of the table in the child\00")
  (data (i32.const 4224) "WT-035 the parent's element after the child set its own\00")
  (data (i32.const 4288) "WT-037 index 1 called in the child\00")
  (data (i32.const 4352) "WT-035 the parent's size after the child grew its own\00")
  (type $number (func (result i32)))
  (table $t 2 10 funcref)
  (elem (i32.const 0) $one $two)
  (func $one (type $number) (i32.const 1))
  (func $two (type $number) (i32.const 2))
  (func $three (type $number) (i32.const 3))
  (elem declare func $three)
  ;; 8192: an index into the table
  (func (export "weft_thread") (param i32 i32)
    (call $check (i32.const 4096) (call_indirect (type $number) (i32.const 0)) (i32.const 1))
    (call $check (i32.const 4160) (table.size $t) (i32.const 2))
    (call $check (i32.const 4288) (call_indirect (type $number) (i32.atomic.load (i32.const 8192)))
                 (i32.const 2))
    (table.set $t (i32.const 0) (ref.null func))
    (drop (table.grow $t (ref.null func) (i32.const 5))))
  (func (export "_start")
    (table.set $t (i32.const 0) (ref.func $three))
    (drop (table.grow $t (ref.func $three) (i32.const 1)))
    (i32.atomic.store (i32.const 8192) (i32.const 1))
    (drop (call $spawn (i32.const 0)))
    (call $join_all)
    (call $check (i32.const 4224) (call_indirect (type $number) (i32.const 0)) (i32.const 3))
    (call $check (i32.const 4352) (table.size $t) (i32.const 3))))

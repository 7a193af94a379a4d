;;! { "id": "wt/dropped-segments-are-per-instance", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-036"],
;;!   "story": "A spawner that has dropped its data and element segments does not take them from its threads, nor a thread from its spawner.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "the threading model shared-instance" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "WT-036 memory.init in the child\00")
  (data (i32.const 4160) "WT-036 table.init in the child\00")
  (data (i32.const 4224) "WT-036 memory.init in the parent\00")
  (type $number (func (result i32)))
  (table $t 1 funcref)
  (data $first "\11\22\33\44")
  (data $second "\55\66\77\08")
  (elem $e func $one)
  (func $one (type $number) (i32.const 1))
  (func (export "weft_thread") (param i32 i32)
    (memory.init $first (i32.const 8192) (i32.const 0) (i32.const 4))
    (call $check (i32.const 4096) (i32.load (i32.const 8192)) (i32.const 0x44332211))
    (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 1))
    (call $check (i32.const 4160) (call_indirect (type $number) (i32.const 0)) (i32.const 1))
    (data.drop $second))
  (func (export "_start")
    (data.drop $first)
    (elem.drop $e)
    (drop (call $spawn (i32.const 0)))
    (call $join_all)
    (memory.init $second (i32.const 8256) (i32.const 0) (i32.const 4))
    (call $check (i32.const 4224) (i32.load (i32.const 8256)) (i32.const 0x08776655))))

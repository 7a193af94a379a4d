;;! { "id": "mem/data-drop-is-per-instance", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-070", "MEM-071"],
;;!   "story": "data.drop affects the instance that executes it: main drops its passive segment, and the threads, which have instances of their own, still initialise from theirs.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "a segment that one instance has dropped is dropped in all" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "MEM-070 first thread\00")
  (data (i32.const 4128) "MEM-070 second thread\00")
  (data $d "weft")
  (func (export "weft_thread") (param $tid i32) (param $arg i32)
    (memory.init $d (i32.add (i32.const 8192) (i32.mul (local.get $arg) (i32.const 8)))
                 (i32.const 0) (i32.const 4))
    (data.drop $d))
  (func (export "_start")
    (data.drop $d)
    (memory.init $d (i32.const 8192) (i32.const 0) (i32.const 0))  ;; length 0: no trap
    (drop (call $spawn (i32.const 0)))
    (call $join_all)
    (drop (call $spawn (i32.const 1)))
    (call $join_all)
    (call $check (i32.const 4096) (i32.load (i32.const 8192)) (i32.const 0x74666577))
    (call $check (i32.const 4128) (i32.load (i32.const 8200)) (i32.const 0x74666577))))

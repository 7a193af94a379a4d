;;! { "id": "mem/active-segments-run-in-every-instance", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-074", "MEM-077"],
;;!   "story": "Every thread has an instance of its own, and its instantiation writes the active segments again, over what main has stored meanwhile.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "active segments are applied only by the first instance" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "MEM-074 in the thread\00")
  (data (i32.const 4128) "MEM-077 at the start\00")
  (data (i32.const 4160) "MEM-074 the thread ran\00")
  (data (i32.const 4192) "MEM-074 after the thread\00")
  (data (i32.const 8192) "weft")
  (func (export "weft_thread") (param i32 i32)
    (call $check (i32.const 4096) (i32.load (i32.const 8192)) (i32.const 0x74666577))
    (i32.store (i32.const 8196) (i32.const 1)))
  (func (export "_start")
    (call $check (i32.const 4128) (i32.load (i32.const 8192)) (i32.const 0x74666577))
    (i32.store (i32.const 8192) (i32.const 0x21212121))
    (drop (call $spawn (i32.const 0)))
    (call $join_all)
    (call $check (i32.const 4160) (i32.load (i32.const 8196)) (i32.const 1))
    (call $check (i32.const 4192) (i32.load (i32.const 8192)) (i32.const 0x74666577))))

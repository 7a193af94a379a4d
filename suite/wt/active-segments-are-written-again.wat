;;! { "id": "wt/active-segments-are-written-again", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-040"],
;;!   "story": "Making a thread's instance writes the active data segments into the shared memory again, over what was changed since; passive segments write nothing.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "the threading model shared-instance" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "WT-040 byte of an active segment at the entry\00")
  (data (i32.const 4160) "WT-040 byte beside it\00")
  (data (i32.const 8192) "A")
  (data $passive "P")
  (func (export "weft_thread") (param i32 i32)
    (call $check (i32.const 4096) (i32.load8_u (i32.const 8192)) (i32.const 65))
    (call $check (i32.const 4160) (i32.load8_u (i32.const 8193)) (i32.const 122)))
  (func (export "_start")
    (memory.init $passive (i32.const 8193) (i32.const 0) (i32.const 1))
    (i32.store8 (i32.const 8192) (i32.const 120))
    (i32.store8 (i32.const 8193) (i32.const 122))
    (drop (call $spawn (i32.const 0)))
    (call $join_all)
    (i32.store8 (i32.const 8192) (i32.const 121))
    (drop (call $spawn (i32.const 0)))
    (call $join_all)))

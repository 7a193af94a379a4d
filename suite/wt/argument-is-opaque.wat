;;! { "id": "wt/argument-is-opaque", "kind": "program", "sort": "sound",
;;!   "requirements": ["WT-007", "WT-008"],
;;!   "story": "The argument of thread-spawn is 32 bits that nobody looks at: every pattern arrives unchanged, also one that would be an address outside the memory.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "the argument passes through a signed 31-bit field" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "WT-007 pattern\00")
  (data (i32.const 4160) "WT-008 memory at 0 was touched\00")
  ;; 8192: what the thread got   8200: the word that the argument 8200 would point to
  (func (export "weft_thread") (param i32 i32)
    (i32.atomic.store (i32.const 8192) (local.get 1)))
  (func $try (param $pattern i32)
    (i32.atomic.store (i32.const 8192) (i32.const 0x5a5a5a5a))
    (drop (call $spawn (local.get $pattern)))
    (call $join_all)
    (call $check (i32.const 4096) (i32.atomic.load (i32.const 8192)) (local.get $pattern)))
  (func (export "_start")
    (i64.store (i32.const 8200) (i64.const 0x1122334455667788))
    (call $try (i32.const 0))
    (call $try (i32.const -1))
    (call $try (i32.const 0x80000000))
    (call $try (i32.const 0xfffffff0))
    (call $try (i32.const 0x7fffffff))
    (call $try (i32.const 8200))
    (call $check (i32.const 4160) (i64.eq (i64.load (i32.const 8200))
                                          (i64.const 0x1122334455667788)) (i32.const 1))))

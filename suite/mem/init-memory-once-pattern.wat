;;! { "id": "mem/init-memory-once-pattern", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-082", "MEM-074", "WAIT-050", "WT-041"],
;;!   "story": "The pattern that toolchains use: passive segments, and a start function in which one instance initialises the data, guarded by a flag word with cmpxchg, wait and notify. What main has changed since is not written again, and every thread finds the data.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "the start function runs only in the first instance" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "MEM-082 data in the thread\00")
  (data (i32.const 4144) "MEM-082 data\00")
  (data (i32.const 4192) "MEM-082 start functions that ran\00")
  (data (i32.const 4240) "MEM-082 data at the end\00")
  ;; 8192 the flag   8256 the data   8320 start functions that ran
  (data $d "weft")
  ;; flag: 0 nobody yet, 1 somebody is at it, 2 done
  (func $init_memory (local $state i32)
    (local.set $state (i32.atomic.rmw.cmpxchg (i32.const 8192) (i32.const 0) (i32.const 1)))
    (if (i32.eqz (local.get $state))
      (then
        (memory.init $d (i32.const 8256) (i32.const 0) (i32.const 4))
        (i32.atomic.store (i32.const 8192) (i32.const 2))
        (drop (memory.atomic.notify (i32.const 8192) (i32.const -1))))
      (else
        (if (i32.eq (local.get $state) (i32.const 1))
          (then (drop (memory.atomic.wait32 (i32.const 8192) (i32.const 1) (i64.const -1)))))))
    (drop (i32.atomic.rmw.add (i32.const 8320) (i32.const 1)))
    (data.drop $d))
  (start $init_memory)
  (func (export "weft_thread") (param i32 i32)
    (call $check (i32.const 4096) (i32.load (i32.const 8256)) (i32.const 0x21666577)))
  (func (export "_start")
    (call $check (i32.const 4144) (i32.load (i32.const 8256)) (i32.const 0x74666577))
    (i32.store8 (i32.const 8259) (i32.const 0x21))
    (drop (call $spawn (i32.const 0)))
    (drop (call $spawn (i32.const 1)))
    (drop (call $spawn (i32.const 2)))
    (call $join_all)
    (call $check (i32.const 4192) (i32.load (i32.const 8320)) (i32.const 4))
    (call $check (i32.const 4240) (i32.load (i32.const 8256)) (i32.const 0x21666577))))

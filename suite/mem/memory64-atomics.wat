;;! { "id": "mem/memory64-atomics", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-016", "MEM-017"],
;;!   "story": "A shared memory with 64-bit addresses: atomics, waits and notifies take i64 addresses, and size and grow are i64; the counts and results of wait and notify stay i32.",
;;!   "needs": ["memory64", "multi-memory"],
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "memory.grow of a 64-bit memory returns an i32" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "weft" "check_i64" (func $check64 (param i32 i64 i64)))
  (memory $big i64 1 2 shared)
  (data (i32.const 4096) "MEM-017 add\00")
  (data (i32.const 4128) "MEM-017 load, last cell\00")
  (data (i32.const 4160) "MEM-017 cmpxchg\00")
  (data (i32.const 4192) "MEM-017 wait32\00")
  (data (i32.const 4224) "MEM-017 wait64\00")
  (data (i32.const 4256) "MEM-017 notify\00")
  (data (i32.const 4288) "MEM-017 grow\00")
  (data (i32.const 4320) "MEM-017 grow by 2^63\00")
  (data (i32.const 4352) "MEM-017 size\00")
  (func (export "_start")
    (i32.atomic.store 1 (i64.const 8192) (i32.const 5))
    (call $check (i32.const 4096)
      (i32.atomic.rmw.add 1 (i64.const 8192) (i32.const 2)) (i32.const 5))
    (call $check64 (i32.const 4128)
      (i64.atomic.load 1 offset=8 (i64.const 65520)) (i64.const 0))
    (call $check64 (i32.const 4160)
      (i64.atomic.rmw32.cmpxchg_u 1 (i64.const 8192) (i64.const 7) (i64.const 9)) (i64.const 7))
    (call $check (i32.const 4192)
      (memory.atomic.wait32 1 (i64.const 8192) (i32.const 9) (i64.const 0)) (i32.const 2))
    (call $check (i32.const 4224)
      (memory.atomic.wait64 1 (i64.const 8192) (i64.const 1) (i64.const -1)) (i32.const 1))
    (call $check (i32.const 4256)
      (memory.atomic.notify 1 (i64.const 8192) (i32.const 1)) (i32.const 0))
    (call $check64 (i32.const 4288) (memory.grow 1 (i64.const 1)) (i64.const 1))
    (call $check64 (i32.const 4320)
      (memory.grow 1 (i64.const 0x8000000000000000)) (i64.const -1))
    (call $check64 (i32.const 4352) (memory.size 1) (i64.const 2))))

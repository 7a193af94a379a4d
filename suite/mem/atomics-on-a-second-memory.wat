;;! { "id": "mem/atomics-on-a-second-memory", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-015"],
;;!   "story": "Every atomic instruction addresses the memory of its index: what is done to memory 1 leaves memory 0 alone, for loads, stores, read-modify-writes, waits and notifies.",
;;!   "needs": ["multi-memory"],
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "memory instructions always use memory 0" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "weft" "check_i64" (func $check64 (param i32 i64 i64)))
  (memory $own 1 1 shared)
  (data (i32.const 4096) "MEM-015 load of memory 0\00")
  (data (i32.const 4144) "MEM-015 load of memory 1\00")
  (data (i32.const 4192) "MEM-015 add\00")
  (data (i32.const 4240) "MEM-015 cmpxchg\00")
  (data (i32.const 4288) "MEM-015 cell of memory 0\00")
  (data (i32.const 4336) "MEM-015 cell of memory 1\00")
  (data (i32.const 4384) "MEM-015 wait32 on memory 1\00")
  (data (i32.const 4432) "MEM-015 wait32 on memory 1, timeout 0\00")
  (data (i32.const 4480) "MEM-015 notify on memory 1\00")
  (func (export "_start")
    (i32.atomic.store 0 (i32.const 8192) (i32.const 11))
    (i32.atomic.store 1 (i32.const 8192) (i32.const 22))
    (call $check (i32.const 4096) (i32.atomic.load 0 (i32.const 8192)) (i32.const 11))
    (call $check (i32.const 4144) (i32.atomic.load 1 (i32.const 8192)) (i32.const 22))
    (call $check (i32.const 4192)
      (i32.atomic.rmw.add 1 (i32.const 8192) (i32.const 1)) (i32.const 22))
    (call $check64 (i32.const 4240)
      (i64.atomic.rmw16.cmpxchg_u 1 (i32.const 8192) (i64.const 23) (i64.const 40)) (i64.const 23))
    (call $check (i32.const 4288) (i32.atomic.load 0 (i32.const 8192)) (i32.const 11))
    (call $check (i32.const 4336) (i32.atomic.load 1 (i32.const 8192)) (i32.const 40))
    (call $check (i32.const 4384)
      (memory.atomic.wait32 1 (i32.const 8192) (i32.const 11) (i64.const -1)) (i32.const 1))
    (call $check (i32.const 4432)
      (memory.atomic.wait32 1 (i32.const 8192) (i32.const 40) (i64.const 0)) (i32.const 2))
    (call $check (i32.const 4480)
      (memory.atomic.notify 1 (i32.const 8192) (i32.const 1)) (i32.const 0))))

;;! { "id": "atom/all-cells-of-a-page", "kind": "program", "sort": "sound",
;;!   "requirements": ["ATOM-108"],
;;!   "story": "Every aligned cell of a page takes an atomic load, store and read-modify-write of 64, 32 and 16 bits: none traps or faults, wherever the engine has put the memory.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "an atomic access of 64 bits at the last cell of a cache line of 64 bytes traps" }
(module
  (import "env" "memory" (memory 2 2 shared)) (export "memory" (memory 0))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "ATOM-108 64 bits\00")
  (data (i32.const 4128) "ATOM-108 32 bits\00")
  (data (i32.const 4160) "ATOM-108 16 bits\00")
  (func (export "_start") (local $at i32) (local $wrong64 i32) (local $wrong32 i32) (local $wrong16 i32)
    (local.set $at (i32.const 65536))
    (loop $again
      (i64.atomic.store (local.get $at) (i64.const 0x100000001))
      (drop (i64.atomic.rmw.add (local.get $at) (i64.extend_i32_u (local.get $at))))
      (local.set $wrong64 (i32.add (local.get $wrong64)
        (i64.ne (i64.atomic.load (local.get $at))
                (i64.add (i64.const 0x100000001) (i64.extend_i32_u (local.get $at))))))
      (i32.atomic.store offset=4 (local.get $at) (local.get $at))
      (drop (i32.atomic.rmw.xchg (local.get $at) (local.get $at)))
      (local.set $wrong32 (i32.add (local.get $wrong32)
        (i32.ne (i32.atomic.rmw.sub offset=4 (local.get $at) (i32.const 1))
                (i32.atomic.load (local.get $at)))))
      (i32.atomic.store16 offset=6 (local.get $at) (i32.const 0x1234))
      (drop (i32.atomic.rmw16.or_u offset=2 (local.get $at) (i32.const 0xffff)))
      (local.set $wrong16 (i32.add (local.get $wrong16)
        (i32.ne (i32.add (i32.atomic.load16_u offset=2 (local.get $at))
                         (i32.atomic.rmw16.cmpxchg_u offset=6 (local.get $at) (i32.const 0x1234) (i32.const 0)))
                (i32.const 0x11233))))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br_if $again (i32.lt_u (local.get $at) (i32.const 131072))))
    (call $check (i32.const 4096) (local.get $wrong64) (i32.const 0))
    (call $check (i32.const 4128) (local.get $wrong32) (i32.const 0))
    (call $check (i32.const 4160) (local.get $wrong16) (i32.const 0))))

;;! { "id": "script/memories", "kind": "script", "sort": "sound",
;;!   "requirements": ["MEM-014", "MEM-015", "MEM-016", "MEM-017", "MEM-018", "ATOM-076", "ATOM-077"],
;;!   "story": "Atomics on a second memory and on a 64-bit memory; effective addresses never wrap.",
;;!   "expect": { "exit": 0 }, "fault": "the range of an offset on a 32-bit memory is not validated" }

(module
  (memory $a 1 1 shared)
  (memory $b 1 1 shared)
  (func (export "add") (param i32 i32) (result i32)
    (i32.atomic.rmw.add $b (local.get 0) (local.get 1)))
  (func (export "first") (param i32) (result i32) (i32.load $a (local.get 0)))
  (func (export "second") (param i32) (result i32) (i32.load $b (local.get 0)))
  (func (export "notify") (param i32) (result i32)
    (memory.atomic.notify $b (local.get 0) (i32.const 1)))
  (func (export "copy") (memory.copy $a $b (i32.const 0) (i32.const 0) (i32.const 8))))
(assert_return (invoke "add" (i32.const 4) (i32.const 9)) (i32.const 0))
(assert_return (invoke "first" (i32.const 4)) (i32.const 0))
(assert_return (invoke "second" (i32.const 4)) (i32.const 9))
(assert_return (invoke "notify" (i32.const 4)) (i32.const 0))
(assert_return (invoke "copy"))
(assert_return (invoke "first" (i32.const 4)) (i32.const 9))

(module
  (memory i64 1 2 shared)
  (func (export "load") (param i64) (result i32) (i32.atomic.load offset=8 (local.get 0)))
  (func (export "far") (param i64) (result i32)
    (i32.atomic.load offset=0x1_0000_0000 (local.get 0)))
  (func (export "wait") (param i64) (result i32)
    (memory.atomic.wait64 (local.get 0) (i64.const 1) (i64.const 0)))
  (func (export "grow") (param i64) (result i64) (memory.grow (local.get 0)))
  (func (export "size") (result i64) (memory.size)))
(assert_return (invoke "load" (i64.const 0)) (i32.const 0))
(assert_return (invoke "wait" (i64.const 8)) (i32.const 1))
(assert_return (invoke "grow" (i64.const 1)) (i64.const 1))
(assert_return (invoke "grow" (i64.const 1)) (i64.const -1))
(assert_return (invoke "grow" (i64.const 0x8000_0000_0000_0000)) (i64.const -1))
(assert_return (invoke "size") (i64.const 2))
(assert_trap (invoke "far" (i64.const 0)) "out of bounds memory access")
(assert_trap (invoke "load" (i64.const 0x1_0000_0000)) "out of bounds memory access")
(assert_trap (invoke "load" (i64.const -8)) "out of bounds memory access")

(module
  (memory 1 1 shared)
  (func (export "load") (param i32) (result i32) (i32.atomic.load offset=8 (local.get 0))))
(assert_return (invoke "load" (i32.const 0)) (i32.const 0))
(assert_trap (invoke "load" (i32.const -4)) "out of bounds memory access")

(assert_invalid
  (module (memory i64 1) (func (drop (i32.load (i32.const 0)))))
  "type mismatch")
(assert_invalid
  (module (memory 1) (func (drop (i32.load offset=0x1_0000_0000 (i32.const 0)))))
  "offset out of range")
(assert_invalid (module (memory 1) (func (drop (i32.load 1 (i32.const 0))))) "unknown memory 1")

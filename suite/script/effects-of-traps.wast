;;! { "id": "script/effects-of-traps", "kind": "script", "sort": "sound",
;;!   "requirements": ["MEM-079", "MEM-080", "MEM-086", "ATOM-106", "ATOM-109"],
;;!   "story": "What an instantiation that traps has written to a shared memory stays, nothing that comes later is written, and an atomic access that traps writes nothing.",
;;!   "expect": { "exit": 0 }, "fault": "data segments are written before element segments; all segments are checked before the first is written; an atomic store writes before it checks its alignment" }

(module $P
  (memory (export "m") 1 1 shared)
  (func (export "load") (param i32) (result i64) (i64.load (local.get 0))))
(register "P" $P)

;; MEM-079 the segments before the one that does not fit are there, those behind it are not.
(assert_trap
  (module (import "P" "m" (memory 1 1 shared))
    (data (i32.const 0) "\11") (data (i32.const 65535) "\22\22") (data (i32.const 8) "\33"))
  "out of bounds memory access")
(assert_return (invoke $P "load" (i32.const 0)) (i64.const 0x11))
(assert_return (invoke $P "load" (i32.const 8)) (i64.const 0))
(assert_return (invoke $P "load" (i32.const 65528)) (i64.const 0))

;; MEM-080 what a start function stored before it trapped stays.
(assert_trap
  (module (import "P" "m" (memory 1 1 shared))
    (func $start (i64.atomic.store (i32.const 16) (i64.const 0x44)) (unreachable)
      (i64.atomic.store (i32.const 24) (i64.const 0x55)))
    (start $start))
  "unreachable")
(assert_return (invoke $P "load" (i32.const 16)) (i64.const 0x44))
(assert_return (invoke $P "load" (i32.const 24)) (i64.const 0))

;; MEM-086 element segments come first: no byte is written when one does not fit.
(assert_trap
  (module (import "P" "m" (memory 1 1 shared)) (table 1 funcref) (func $f)
    (data (i32.const 32) "\66") (elem (i32.const 1) $f))
  "out of bounds table access")
(assert_return (invoke $P "load" (i32.const 32)) (i64.const 0))

;; ATOM-106 an atomic access that traps has no effect on memory.
(module $A (import "P" "m" (memory 1 1 shared))
  (func (export "store32") (param i32) (i32.atomic.store (local.get 0) (i32.const -1)))
  (func (export "store16") (param i32) (i64.atomic.store16 (local.get 0) (i64.const -1)))
  (func (export "store64") (param i32) (i64.atomic.store (local.get 0) (i64.const -1)))
  (func (export "add32") (param i32) (result i32)
    (i32.atomic.rmw.add (local.get 0) (i32.const -1)))
  (func (export "xchg64") (param i32) (result i64)
    (i64.atomic.rmw.xchg (local.get 0) (i64.const -1)))
  (func (export "cmpxchg32") (param i32) (result i64)
    (i64.atomic.rmw32.cmpxchg_u (local.get 0) (i64.const 0) (i64.const -1))))
(assert_trap (invoke $A "store32" (i32.const 66)) "unaligned atomic")
(assert_trap (invoke $A "store16" (i32.const 65)) "unaligned atomic")
(assert_trap (invoke $A "store64" (i32.const 68)) "unaligned atomic")
(assert_trap (invoke $A "add32" (i32.const 66)) "unaligned atomic")
(assert_trap (invoke $A "xchg64" (i32.const 68)) "unaligned atomic")
(assert_trap (invoke $A "cmpxchg32" (i32.const 66)) "unaligned atomic")
(assert_return (invoke $P "load" (i32.const 64)) (i64.const 0))
(assert_return (invoke $P "load" (i32.const 72)) (i64.const 0))
(assert_trap (invoke $A "store64" (i32.const 65532)) "")
(assert_trap (invoke $A "store32" (i32.const 65536)) "out of bounds memory access")
(assert_return (invoke $P "load" (i32.const 65528)) (i64.const 0))

;; ATOM-109 a wait that is misaligned and on an unshared memory, or beyond one, is a trap.
(module
  (memory 1 1)
  (func (export "wait") (param i32) (result i32)
    (memory.atomic.wait32 (local.get 0) (i32.const 0) (i64.const 0))))
(assert_trap (invoke "wait" (i32.const 1)) "")
(assert_trap (invoke "wait" (i32.const 65536)) "")
(assert_trap (invoke "wait" (i32.const 0)) "expected shared memory")

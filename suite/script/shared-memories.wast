;;! { "id": "script/shared-memories", "kind": "script", "sort": "sound",
;;!   "requirements": ["MEM-009", "MEM-025", "MEM-027", "MEM-053", "MEM-054", "MEM-081", "MEM-085", "WAIT-040", "WAIT-041"],
;;!   "story": "One shared memory behind several imports and instances is one memory: bytes, length, maximum and wait queues; another one is not.",
;;!   "expect": { "exit": 0 }, "fault": "an imported memory gets the maximum of its importer; the queues of all memories are one; an import that does not match is found after the segments are written" }

;; MEM-009 an empty shared memory is valid, and nothing in it is in bounds.
(module
  (memory 0 0 shared)
  (func (export "load") (result i32) (i32.atomic.load (i32.const 0)))
  (func (export "load8") (result i32) (i32.load8_u (i32.const 0)))
  (func (export "store") (i64.store (i32.const 0) (i64.const 0)))
  (func (export "add") (result i32) (i32.atomic.rmw8.add_u (i32.const 0) (i32.const 0)))
  (func (export "notify") (result i32) (memory.atomic.notify (i32.const 0) (i32.const 0)))
  (func (export "fill") (param i32) (memory.fill (local.get 0) (i32.const 0) (i32.const 0)))
  (func (export "size") (result i32) (memory.size))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
(assert_trap (invoke "load") "out of bounds memory access")
(assert_trap (invoke "load8") "out of bounds memory access")
(assert_trap (invoke "store") "out of bounds memory access")
(assert_trap (invoke "add") "out of bounds memory access")
(assert_trap (invoke "notify") "out of bounds memory access")
(assert_return (invoke "fill" (i32.const 0)))
(assert_trap (invoke "fill" (i32.const 1)) "out of bounds memory access")
(assert_return (invoke "grow" (i32.const 0)) (i32.const 0))
(assert_return (invoke "grow" (i32.const 1)) (i32.const -1))
(assert_return (invoke "size") (i32.const 0))

;; MEM-025 a memory that a module defines is a new one in every instance of it.
(module definition $Own
  (memory 1 1 shared)
  (func (export "store") (param i32) (i32.atomic.store (i32.const 0) (local.get 0)))
  (func (export "load") (result i32) (i32.atomic.load (i32.const 0))))
(module instance $A $Own)
(module instance $B $Own)
(assert_return (invoke $A "store" (i32.const 7)))
(assert_return (invoke $B "load") (i32.const 0))
(assert_return (invoke $A "load") (i32.const 7))

;; MEM-053, MEM-054 growth shows through every alias, older instances included, and the maximum is
;; that of the memory, whatever importers declare.
(module $P
  (memory $m (export "m") 1 3 shared) (export "n" (memory $m))
  (global (export "base") i32 (i32.const 16))
  (func (export "size") (result i32) (memory.size))
  (func (export "load8") (param i32) (result i32) (i32.load8_u (local.get 0))))
(register "P" $P)
(module $Old (memory (import "P" "m") 1 10 shared)
  (func (export "size") (result i32) (memory.size))
  (func (export "last") (result i32) (i32.atomic.load (i32.const 131068))))
(module $Grower (memory (import "P" "m") 0 10 shared)
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
(assert_trap (invoke $Old "last") "out of bounds memory access")
(assert_return (invoke $Grower "grow" (i32.const 1)) (i32.const 1))
(assert_return (invoke $Old "size") (i32.const 2))
(assert_return (invoke $P "size") (i32.const 2))
(assert_return (invoke $Old "last") (i32.const 0))
(assert_return (invoke $Grower "grow" (i32.const 1)) (i32.const 2))
(assert_return (invoke $Grower "grow" (i32.const 1)) (i32.const -1))
(assert_return (invoke $Grower "grow" (i32.const 0)) (i32.const 3))

;; MEM-027 one memory under two indices. WAIT-041 the queue is the memory's (the waiter waits through
;; an instance of its own; the notify goes through the second of two aliases). WAIT-040 a notify at
;; the same address of another memory finds nobody.
(module $M (memory $m (export "m") 1 3 shared) (export "n" (memory $m)))
(register "M" $M)
(thread $Waiter (shared (module $M))
  (register "M" $M)
  (module (memory (import "M" "m") 1 3 shared)
    (func (export "wait") (result i32)
      (memory.atomic.wait32 (i32.const 128) (i32.const 0) (i64.const 60_000_000_000))))
  (assert_return (invoke "wait") (i32.const 0)))
(module $Two
  (import "M" "m" (memory $a 1 3 shared)) (import "M" "n" (memory $b 1 3 shared))
  (memory $other 1 1 shared)
  (func (export "store") (param i32 i32) (i32.store $a (local.get 0) (local.get 1)))
  (func (export "load") (param i32) (result i32) (i32.load $b (local.get 0)))
  (func (export "grow") (result i32 i32 i32)
    (memory.grow $a (i32.const 1)) (memory.size $a) (memory.size $b))
  ;; Notifies until the waiter has been there: waiters of the other memory, waiters of this one.
  (func (export "wake") (param $at i32) (result i32 i32)
    (local $others i32) (local $woken i32) (local $tries i32) (local $n i32)
    (loop $again
      (local.set $n (i32.const 64))  ;; most arrivals fall among these
      (loop $more
        (local.set $others (i32.add (local.get $others)
          (memory.atomic.notify $other (local.get $at) (i32.const -1))))
        (br_if $more (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (local.set $woken (memory.atomic.notify $b (local.get $at) (i32.const -1)))
      (local.set $tries (i32.add (local.get $tries) (i32.const 1)))
      (br_if $again
        (i32.and (i32.eqz (local.get $woken)) (i32.lt_u (local.get $tries) (i32.const 1_000_000)))))
    (local.get $others) (local.get $woken)))
(assert_return (invoke $Two "store" (i32.const 64) (i32.const 99)))
(assert_return (invoke $Two "load" (i32.const 64)) (i32.const 99))
(assert_return (invoke $Two "grow") (i32.const 1) (i32.const 2) (i32.const 2))
(assert_return (invoke $Two "wake" (i32.const 128)) (i32.const 0) (i32.const 1))
(wait $Waiter)

;; MEM-081 the offset of a segment is evaluated with the imports of that instance.
(module $G (global (export "base") i32 (i32.const 32)))
(module definition $Data
  (import "base" "base" (global $base i32)) (import "P" "m" (memory 1 3 shared))
  (data (global.get $base) "w"))
(register "base" $P)
(module instance $D1 $Data)
(register "base" $G)
(module instance $D2 $Data)
(assert_return (invoke $P "load8" (i32.const 16)) (i32.const 0x77))
(assert_return (invoke $P "load8" (i32.const 32)) (i32.const 0x77))
(assert_return (invoke $P "load8" (i32.const 48)) (i32.const 0))

;; MEM-085 an import that does not match leaves the memory as it was.
(assert_unlinkable
  (module (import "P" "m" (memory 1 3 shared)) (import "P" "size" (func (param i32)))
    (data (i32.const 256) "x"))
  "incompatible import type")
(assert_unlinkable
  (module (import "P" "m" (memory 1 3 shared)) (import "P" "none" (func))
    (data (i32.const 256) "x"))
  "unknown import")
(assert_return (invoke $P "load8" (i32.const 256)) (i32.const 0))
(assert_return (invoke $P "size") (i32.const 3))

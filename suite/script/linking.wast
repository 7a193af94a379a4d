;;! { "id": "script/linking", "kind": "script", "sort": "sound",
;;!   "requirements": ["MEM-020", "MEM-021", "MEM-022", "MEM-024", "MEM-026"],
;;!   "story": "Shared memories link with shared ones only and by their current size; what a failed instantiation wrote stays.",
;;!   "expect": { "exit": 0 }, "fault": "sharedness is not compared when imports are matched" }

(module $P
  (memory $m (export "m") 1 5 shared)
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0))))
(register "P" $P)
(assert_unlinkable (module (memory (import "P" "m") 1 5)) "incompatible import type")
(assert_unlinkable (module (memory (import "P" "m") 1 4 shared)) "incompatible import type")
(assert_unlinkable (module (memory (import "P" "m") 2 5 shared)) "incompatible import type")
(assert_unlinkable (module (memory (import "P" "n") 1 5 shared)) "unknown import")
(assert_unlinkable (module (memory (import "P" "grow") 1 5 shared)) "incompatible import type")
(assert_return (invoke $P "grow" (i32.const 2)) (i32.const 1))
(module $C (import "P" "m" (memory $m 3 6 shared)) (export "again" (memory $m))
  (func (export "store") (param i32 i32) (i32.store (local.get 0) (local.get 1))))
(register "C" $C)
(invoke $C "store" (i32.const 16) (i32.const 77))
(assert_return (invoke $P "load" (i32.const 16)) (i32.const 77))
(module (import "C" "again" (memory 3 5 shared)))

(module $U (memory (export "m") 1 5))
(register "U" $U)
(assert_unlinkable (module (memory (import "U" "m") 1 5 shared)) "incompatible import type")

;; Element segments before a data segment that does not fit have been written, and their functions
;; live on.
(module $T (table (export "t") 4 funcref)
  (func (export "call") (param i32) (result i32) (call_indirect (result i32) (local.get 0))))
(register "T" $T)
(assert_trap (invoke $T "call" (i32.const 2)) "uninitialized element")
(assert_trap (invoke $T "call" (i32.const 4)) "undefined element")
(assert_trap
  (module (import "T" "t" (table 4 funcref)) (memory 1)
    (func $f (result i32) (i32.const 42))
    (elem (i32.const 2) $f) (data (i32.const 65535) "ab"))
  "out of bounds memory access")
(assert_return (invoke $T "call" (i32.const 2)) (i32.const 42))
(assert_trap (module (func $s unreachable) (start $s)) "unreachable")

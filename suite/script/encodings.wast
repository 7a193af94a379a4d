;;! { "id": "script/encodings", "kind": "script", "sort": "sound",
;;!   "requirements": ["MEM-002", "MEM-007", "ATOM-001", "ATOM-002", "ATOM-003", "ATOM-004", "ATOM-074", "ATOM-075", "ATOM-080", "ATOM-081"],
;;!   "story": "Limits flags and the sub-opcodes 00 to 03 written by hand, byte by byte; the text forms of shared memories and of alignment; the names that are not in the language.",
;;!   "expect": { "exit": 0 }, "fault": "the encodings of wait32 and wait64 are exchanged; limits flag 01 is read as shared; align= of an atomic is ignored; i32.atomic.wait is taken as wait32" }

;; MEM-002 0x00 {min}, 0x01 {min, max}, 0x03 {min, max, shared}; seen by what can import them.
(module $F0 binary "\00asm" "\01\00\00\00" "\05\03\01" "\00\01" "\07\05\01\01m\02\00")
(module $F1 binary "\00asm" "\01\00\00\00" "\05\04\01" "\01\01\02" "\07\05\01\01m\02\00")
(module $F3 binary "\00asm" "\01\00\00\00" "\05\04\01" "\03\01\02" "\07\05\01\01m\02\00")
(register "F0" $F0) (register "F1" $F1) (register "F3" $F3)
(module (memory (import "F0" "m") 1))
(assert_unlinkable (module (memory (import "F0" "m") 1 2)) "incompatible import type")
(module (memory (import "F1" "m") 1 2))
(assert_unlinkable (module (memory (import "F1" "m") 1 1)) "incompatible import type")
(assert_unlinkable (module (memory (import "F1" "m") 1 2 shared)) "incompatible import type")
(module (memory (import "F3" "m") 1 2 shared))
(assert_unlinkable (module (memory (import "F3" "m") 1 2)) "incompatible import type")

;; ATOM-001 to 004: (func (result i32) ...) over a shared memory of one page, by hand.
;; notify: i32.const 8, i32.const 1, FE 00 align 2 offset 0
(module binary "\00asm" "\01\00\00\00" "\01\05\01\60\00\01\7f" "\03\02\01\00" "\05\04\01\03\01\01"
  "\07\05\01\01f\00\00" "\0a\0c\01\0a\00" "\41\08" "\41\01" "\fe\00\02\00" "\0b")
(assert_return (invoke "f") (i32.const 0))
;; wait32: i32.const 8, i32.const 1, i64.const 0, FE 01 align 2 offset 0: not equal
(module binary "\00asm" "\01\00\00\00" "\01\05\01\60\00\01\7f" "\03\02\01\00" "\05\04\01\03\01\01"
  "\07\05\01\01f\00\00" "\0a\0e\01\0c\00" "\41\08" "\41\01" "\42\00" "\fe\01\02\00" "\0b")
(assert_return (invoke "f") (i32.const 1))
;; wait64: i32.const 8, i64.const 0, i64.const 0, FE 02 align 3 offset 0: timed out
(module binary "\00asm" "\01\00\00\00" "\01\05\01\60\00\01\7f" "\03\02\01\00" "\05\04\01\03\01\01"
  "\07\05\01\01f\00\00" "\0a\0e\01\0c\00" "\41\08" "\42\00" "\42\00" "\fe\02\03\00" "\0b")
(assert_return (invoke "f") (i32.const 2))
;; fence: FE 03 00, without a memory; i32.const 5
(module binary "\00asm" "\01\00\00\00" "\01\05\01\60\00\01\7f" "\03\02\01\00"
  "\07\05\01\01f\00\00" "\0a\09\01\07\00" "\fe\03\00" "\41\05" "\0b")
(assert_return (invoke "f") (i32.const 5))
;; wait32 with the operands of wait64
(assert_invalid
  (module binary "\00asm" "\01\00\00\00" "\01\05\01\60\00\01\7f" "\03\02\01\00" "\05\04\01\03\01\01"
    "\07\05\01\01f\00\00" "\0a\0e\01\0c\00" "\41\08" "\42\00" "\42\00" "\fe\01\02\00" "\0b")
  "type mismatch")

;; MEM-007 `shared` follows the limits, wherever a memory type stands.
(module (memory 1 2 shared))
(module (memory (export "e") 1 2 shared))
(module (memory (import "F3" "m") 1 2 shared))
(module (import "F3" "m" (memory 1 2 shared)))
(assert_malformed (module quote "(memory 1 shared 2)") "")
(assert_malformed (module quote "(memory 1 2 shared shared)") "")

;; ATOM-074, ATOM-075 alignment in text.
(module (memory 1 1 shared)
  (func (drop (i64.atomic.load32_u align=4 (i32.const 0))))
  (func (drop (i64.atomic.load align=8 (i32.const 0))))
  (func (drop (i32.atomic.rmw8.add_u align=1 (i32.const 0) (i32.const 0))))
  (func (drop (memory.atomic.wait64 align=8 (i32.const 0) (i64.const 0) (i64.const 0)))))
(assert_invalid
  (module (memory 1 1 shared) (func (drop (i64.atomic.load align=4 (i32.const 0)))))
  "atomic alignment must be natural")
(assert_invalid
  (module (memory 1 1 shared) (func (drop (i32.atomic.load align=8 (i32.const 0)))))
  "alignment must not be larger than natural")
(assert_malformed
  (module quote "(memory 1 1 shared) (func (drop (i32.atomic.load align=3 (i32.const 0))))")
  "alignment must be a power of two")
(assert_malformed
  (module quote "(memory 1 1 shared) (func (drop (i32.atomic.load align=0 (i32.const 0))))")
  "alignment must be a power of two")

;; ATOM-080 names of earlier drafts.
(assert_malformed (module quote "(memory 1 1 shared) (func (drop (i32.atomic.wait (i32.const 0) (i32.const 0) (i64.const 0))))") "unknown operator")
(assert_malformed (module quote "(memory 1 1 shared) (func (drop (i64.atomic.wait (i32.const 0) (i64.const 0) (i64.const 0))))") "unknown operator")
(assert_malformed (module quote "(memory 1 1 shared) (func (drop (atomic.notify (i32.const 0) (i32.const 0))))") "unknown operator")
(assert_malformed (module quote "(memory 1 1 shared) (func (drop (atomic.wake (i32.const 0) (i32.const 0))))") "unknown operator")
(assert_malformed (module quote "(memory 1 1 shared) (func (drop (i32.atomic.rmw8_u.add (i32.const 0) (i32.const 0))))") "unknown operator")
(assert_malformed (module quote "(memory 1 1 shared) (func (drop (i64.atomic.rmw32_u.cmpxchg (i32.const 0) (i64.const 0) (i64.const 0))))") "unknown operator")

;; ATOM-081 no signed, floating-point, vector or reference atomics.
(assert_malformed (module quote "(memory 1 1 shared) (func (drop (i32.atomic.load8_s (i32.const 0))))") "unknown operator")
(assert_malformed (module quote "(memory 1 1 shared) (func (drop (i64.atomic.load32_s (i32.const 0))))") "unknown operator")
(assert_malformed (module quote "(memory 1 1 shared) (func (drop (f32.atomic.load (i32.const 0))))") "unknown operator")
(assert_malformed (module quote "(memory 1 1 shared) (func (f64.atomic.store (i32.const 0) (f64.const 0)))") "unknown operator")
(assert_malformed (module quote "(memory 1 1 shared) (func (drop (v128.atomic.load (i32.const 0))))") "unknown operator")
(assert_malformed (module quote "(memory 1 1 shared) (func (drop (i32.atomic.rmw.nand (i32.const 0) (i32.const 0))))") "unknown operator")
(assert_malformed (module quote "(memory 1 1 shared) (func (drop (f32.atomic.rmw.add (i32.const 0) (f32.const 0))))") "unknown operator")

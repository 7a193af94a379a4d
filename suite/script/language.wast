;;! { "id": "script/language", "kind": "script", "sort": "sound",
;;!   "requirements": ["ATOM-072", "ATOM-075", "ATOM-078", "ATOM-084", "MEM-001", "MEM-004", "MEM-008"],
;;!   "story": "Tail calls, extended constants, references, NaN patterns, v128, and what is malformed or invalid.",
;;!   "expect": { "exit": 0 }, "fault": "the validator takes an atomic alignment below the natural one" }

(module
  (func $even (export "even") (param i32) (result i32)
    (if (result i32) (i32.eqz (local.get 0))
      (then (i32.const 1))
      (else (return_call $odd (i32.sub (local.get 0) (i32.const 1))))))
  (func $odd (param i32) (result i32)
    (if (result i32) (i32.eqz (local.get 0))
      (then (i32.const 0))
      (else (return_call_indirect (param i32) (result i32)
        (i32.sub (local.get 0) (i32.const 1)) (i32.const 0)))))
  (table funcref (elem $even))
  (func $forever (export "forever") (result i32) (i32.add (call $forever) (i32.const 1))))
(assert_return (invoke "even" (i32.const 1_000_001)) (i32.const 0))
(assert_exhaustion (invoke "forever") "call stack exhausted")

(module
  (import "spectest" "global_i32" (global $g i32))
  (global $x (export "x") i32 (i32.add (global.get $g) (i32.mul (i32.const 2) (i32.const 3))))
  (global (export "y") i64 (i64.sub (i64.const 1) (i64.const 2)))
  (global (export "z") i32 (global.get $x)))
(assert_return (get "x") (i32.const 672))
(assert_return (get "y") (i64.const -1))
(assert_return (get "z") (i32.const 672))

(module
  (table $t 2 externref)
  (elem declare func $nan)
  (func (export "set") (param i32 externref) (table.set $t (local.get 0) (local.get 1)))
  (func (export "get") (param i32) (result externref) (table.get $t (local.get 0)))
  (func (export "func") (result funcref) (ref.func $nan))
  (func $nan (export "nan") (param f32) (result f32) (f32.sqrt (local.get 0)))
  (func (export "many") (result i32 i64 f64)
    (i32.const 1) (i64.const 2) (f64.const -0.5))
  (func (export "lanes") (param v128) (result v128)
    (f32x4.sqrt (local.get 0))))
(assert_return (invoke "get" (i32.const 0)) (ref.null extern))
(assert_return (invoke "set" (i32.const 1) (ref.extern 7)))
(assert_return (invoke "get" (i32.const 1)) (ref.extern 7))
(assert_return (invoke "func") (ref.func))
(assert_trap (invoke "get" (i32.const 2)) "out of bounds table access")
(assert_return (invoke "nan" (f32.const -1)) (f32.const nan:canonical))
(assert_return (invoke "nan" (f32.const nan:0x400001)) (f32.const nan:arithmetic))
(assert_return (invoke "many") (i32.const 1) (i64.const 2) (f64.const -0.5))
(assert_return (invoke "lanes" (v128.const f32x4 4 -1 0x1p-2 nan))
  (v128.const f32x4 2 nan:canonical 0.5 nan:canonical))

(assert_malformed (module binary "\00asm\01\00\00\00\05\05\01\83\00\01\01") "malformed limits flags")
(assert_malformed (module quote "(func (drop (i32.atomic.load align=3 (i32.const 0))))") "alignment")
(assert_malformed (module quote "(func $f) (func $f)") "duplicate func")
(assert_malformed (module quote "(func (i32.const 1_))") "unknown operator")
(assert_malformed
  (module binary "\00asm\01\00\00\00\01\04\01\60\00\00\03\02\01\00\0a\07\01\05\00\fe\03\01\0b")
  "zero byte expected")
(assert_invalid (module (memory 1 shared)) "shared memory must have maximum")
(assert_invalid (module (memory 2 1 shared)) "size minimum must not be greater than maximum")
(assert_invalid
  (module (memory 1 1 shared) (func (drop (i64.atomic.load32_u align=8 (i32.const 0)))))
  "alignment must not be larger than natural")
(assert_invalid
  (module (memory 1 1 shared) (func (drop (i64.atomic.load32_u align=2 (i32.const 0)))))
  "atomic alignment must be natural")
(assert_invalid
  (module (memory 1 1 shared) (global i32 (i32.atomic.load (i32.const 0))))
  "constant expression required")
(assert_invalid (module (func (result i32) (i64.const 0))) "type mismatch")

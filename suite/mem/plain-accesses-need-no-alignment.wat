;;! { "id": "mem/plain-accesses-need-no-alignment", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-055", "MEM-056", "MEM-073"],
;;!   "story": "Plain loads and stores of every width work at every residue of a shared memory, whatever their alignment hint, and floating-point values keep their bits.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "plain 64-bit loads at an address that is not aligned trap" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "weft" "check_i64" (func $check64 (param i32 i64 i64)))
  (data (i32.const 4096) "MEM-055 i64.load\00")
  (data (i32.const 4144) "MEM-055 i32.load offset=1\00")
  (data (i32.const 4192) "MEM-055 i32.load16_s offset=3\00")
  (data (i32.const 4240) "MEM-055 i64.load after narrow stores\00")
  (data (i32.const 4288) "MEM-073 f64 bits\00")
  (data (i32.const 4336) "MEM-073 f32 bits\00")
  (func $at (param $a i32)
    (i64.store (i32.const 8192) (i64.const 0)) (i64.store (i32.const 8200) (i64.const 0))
    (i64.store align=1 (local.get $a) (i64.const 0x8877665544332211))
    (call $check64 (i32.const 4096) (i64.load align=8 (local.get $a))
      (i64.const 0x8877665544332211))
    (call $check (i32.const 4144) (i32.load offset=1 (local.get $a))
      (i32.const 0x55443322))
    (call $check (i32.const 4192) (i32.load16_s offset=3 align=2 (local.get $a))
      (i32.const 0x5544))
    (i32.store offset=1 align=4 (local.get $a) (i32.const 0x0a0b0c0d))
    (i32.store16 offset=5 (local.get $a) (i32.const 0x0e0f))
    (call $check64 (i32.const 4240) (i64.load (local.get $a))
      (i64.const 0x880e0f0a0b0c0d11))
    ;; a signalling NaN with a payload, as f64 and as f32
    (i64.store (local.get $a) (i64.const 0x7ff4000000abcdef))
    (f64.store offset=8 (local.get $a) (f64.load (local.get $a)))
    (call $check64 (i32.const 4288) (i64.load offset=8 (local.get $a))
      (i64.const 0x7ff4000000abcdef))
    (i32.store (local.get $a) (i32.const 0xffa01234))
    (f32.store offset=4 (local.get $a) (f32.load (local.get $a)))
    (call $check (i32.const 4336) (i32.load offset=4 (local.get $a)) (i32.const 0xffa01234)))
  (func (export "_start") (local $a i32)
    (local.set $a (i32.const 8192))
    (loop $residues
      (call $at (local.get $a))
      (local.set $a (i32.add (local.get $a) (i32.const 1)))
      (br_if $residues (i32.lt_u (local.get $a) (i32.const 8200))))))

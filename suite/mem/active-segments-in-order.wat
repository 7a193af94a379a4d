;;! { "id": "mem/active-segments-in-order", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-075", "MEM-077", "MEM-083"],
;;!   "story": "Active segments are applied in their order, the later one on top, before the start function runs; what no segment covers is zero.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "active segments are applied in reverse order" }
(module
  (import "env" "memory" (memory 2 2 shared)) (export "memory" (memory 0))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "weft" "check_i64" (func $check64 (param i32 i64 i64)))
  (data (i32.const 4096) "MEM-075 overlapping segments\00")
  (data (i32.const 4144) "MEM-077 what the start function saw\00")
  (data (i32.const 4192) "MEM-083 zeros behind\00")
  (data (i32.const 8192) "aaaaaaaa")
  (data (i32.const 8194) "bbbb")
  (data (i32.const 8195) "c")
  (func $first (i64.store (i32.const 8208) (i64.load (i32.const 8192))))
  (start $first)
  (func $zeros (param $at i32) (param $end i32) (result i32) (local $bits i64)
    (loop $words
      (local.set $bits (i64.or (local.get $bits) (i64.load (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br_if $words (i32.lt_u (local.get $at) (local.get $end))))
    (i64.eqz (local.get $bits)))
  (func (export "_start")
    (call $check64 (i32.const 4096)
      (i64.load (i32.const 8192)) (i64.const 0x6161626263626161))
    (call $check64 (i32.const 4144)
      (i64.load (i32.const 8208)) (i64.const 0x6161626263626161))
    (call $check (i32.const 4192) (call $zeros (i32.const 8216) (i32.const 131072))
      (i32.const 1))))

;; A 64-bit FNV-1a hash over 4 MiB, eight times.
(module
  (import "env" "memory" (memory 65 65 shared))
  (func $hash (param $at i32) (param $size i32) (result i64) (local $end i32) (local $h i64)
    (local.set $end (i32.add (local.get $at) (local.get $size)))
    (local.set $h (i64.const 0xcbf29ce484222325))
    (loop $bytes
      (local.set $h (i64.mul (i64.xor (local.get $h) (i64.load8_u (local.get $at)))
                             (i64.const 0x100000001b3)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $bytes (i32.ne (local.get $at) (local.get $end))))
    (local.get $h))
  (func (export "_start") (local $round i32) (local $h i64)
    (memory.fill (i32.const 0) (i32.const 0x5a) (i32.const 0x400000))
    (loop $again
      (local.set $h (i64.xor (i64.mul (local.get $h) (i64.const 31))
                             (call $hash (i32.const 0) (i32.const 0x400000))))
      (br_if $again (i32.lt_u (local.tee $round (i32.add (local.get $round) (i32.const 1)))
                              (i32.const 8))))
    (if (i64.eqz (local.get $h)) (then (unreachable)))))

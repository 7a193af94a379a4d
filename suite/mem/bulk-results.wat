;;! { "id": "mem/bulk-results", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-062", "MEM-068"],
;;!   "story": "memory.fill, memory.copy and memory.init on a shared memory have their sequential results: overlapping copies in both directions, lengths around the word size, the very end of the memory, and length 0 at the end.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "memory.copy always copies from low to high addresses" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "weft" "check_i64" (func $check64 (param i32 i64 i64)))
  (data (i32.const 4096) "MEM-062 memory.copy\00")
  (data (i32.const 4128) "MEM-062 before the fill\00")
  (data (i32.const 4160) "MEM-062 first bytes of the fill\00")
  (data (i32.const 4192) "MEM-062 last bytes of the fill\00")
  (data (i32.const 4224) "MEM-062 after the fill\00")
  (data (i32.const 4256) "MEM-062 memory.init at the end\00")
  (data $d "abcdefghijklmnopqrstuvwxyz")
  (func $sum (param $at i32) (param $n i32) (result i64) (local $sum i64)
    (loop $bytes
      (local.set $sum (i64.add (i64.mul (local.get $sum) (i64.const 257))
                               (i64.load8_u (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $bytes (local.get $n)))
    (local.get $sum))
  ;; 0 1 2 ... 63 at `base`
  (func $ramp (param $base i32) (local $i i32)
    (loop $bytes
      (i32.store8 (i32.add (local.get $base) (local.get $i)) (local.get $i))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $bytes (i32.lt_u (local.get $i) (i32.const 64)))))
  ;; Copies within a ramp, and compares with a copy made byte by byte from a second ramp.
  (func $case (param $to i32) (param $from i32) (param $n i32) (local $i i32)
    (call $ramp (i32.const 8192)) (call $ramp (i32.const 8320)) (call $ramp (i32.const 8448))
    (memory.copy (i32.add (i32.const 8192) (local.get $to))
                 (i32.add (i32.const 8192) (local.get $from)) (local.get $n))
    (block $end
      (loop $bytes
        (br_if $end (i32.ge_u (local.get $i) (local.get $n)))
        (i32.store8 (i32.add (i32.const 8320) (i32.add (local.get $to) (local.get $i)))
          (i32.load8_u (i32.add (i32.const 8448) (i32.add (local.get $from) (local.get $i)))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $bytes)))
    (call $check64 (i32.const 4096) (call $sum (i32.const 8192) (i32.const 64))
      (call $sum (i32.const 8320) (i32.const 64))))
  (func (export "_start") (local $n i32)
    (loop $lengths
      (call $case (i32.const 1) (i32.const 0) (local.get $n))
      (call $case (i32.const 0) (i32.const 1) (local.get $n))
      (call $case (i32.const 9) (i32.const 2) (local.get $n))
      (call $case (i32.const 3) (i32.const 12) (local.get $n))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $lengths (i32.lt_u (local.get $n) (i32.const 40))))
    (call $ramp (i32.const 8192))
    (memory.fill (i32.const 8195) (i32.const 0x1aa) (i32.const 13))
    (call $check (i32.const 4128) (i32.load8_u (i32.const 8194)) (i32.const 2))
    (call $check64 (i32.const 4160) (i64.load (i32.const 8195))
      (i64.const 0xaaaaaaaaaaaaaaaa))
    (call $check64 (i32.const 4192) (i64.load (i32.const 8200))
      (i64.const 0xaaaaaaaaaaaaaaaa))
    (call $check (i32.const 4224) (i32.load8_u (i32.const 8208)) (i32.const 16))
    (memory.init $d (i32.const 65531) (i32.const 3) (i32.const 5))
    (call $check (i32.const 4256) (i32.load (i32.const 65532))
      (i32.const 0x68676665))
    (memory.fill (i32.const 65536) (i32.const 1) (i32.const 0))
    (memory.copy (i32.const 65536) (i32.const 65536) (i32.const 0))
    (memory.init $d (i32.const 65536) (i32.const 26) (i32.const 0))))

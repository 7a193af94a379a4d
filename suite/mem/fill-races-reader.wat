;;! { "id": "mem/fill-races-reader", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-065", "MEM-066"],
;;!   "story": "A thread fills and copies over a range while another one scans it and its surroundings: every byte is an old or a new one, and outside nothing changes.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "memory.fill writes eight bytes more than its length" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "MEM-066 third value\00")
  (data (i32.const 4128) "MEM-066 guard\00")
  ;; 8192 the end   16387-20479 filled; guards of 0x33 before and behind   32768 source of the copies
  (func $filler (local $n i32)
    (loop $again
      (memory.fill (i32.const 16387) (i32.const 0x55) (i32.const 4093))
      (memory.copy (i32.const 16387) (i32.const 32768) (i32.const 4093))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $n) (i32.const 400))))
    (i32.atomic.store (i32.const 8192) (i32.const 1)))
  (func $scan (local $at i32) (local $b i32)
    (local.set $at (i32.const 16384))
    (loop $bytes
      (local.set $b (i32.load8_u (local.get $at)))
      (if (i32.and (i32.ge_u (local.get $at) (i32.const 16387))
                   (i32.lt_u (local.get $at) (i32.const 20480)))
        (then
          (if (i32.and (i32.ne (local.get $b) (i32.const 0x55))
                       (i32.ne (local.get $b) (i32.const 0xaa)))
            (then (call $check (i32.const 4096) (local.get $b) (i32.const 0x55)))))
        (else (if (i32.ne (local.get $b) (i32.const 0x33))
                (then (call $check (i32.const 4128) (local.get $b) (i32.const 0x33))))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $bytes (i32.lt_u (local.get $at) (i32.const 20488)))))
  (func (export "weft_thread") (param i32 i32)
    (loop $again
      (call $scan)
      (br_if $again (i32.eqz (i32.atomic.load (i32.const 8192))))))
  (func (export "_start")
    (memory.fill (i32.const 16384) (i32.const 0x33) (i32.const 4104))
    (memory.fill (i32.const 16387) (i32.const 0x55) (i32.const 4093))
    (memory.fill (i32.const 32768) (i32.const 0xaa) (i32.const 4093))
    (drop (call $spawn (i32.const 0)))
    (call $filler)
    (call $join_all)
    (call $scan)))

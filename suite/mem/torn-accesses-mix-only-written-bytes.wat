;;! { "id": "mem/torn-accesses-mix-only-written-bytes", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-058", "MEM-084", "ATOM-120"],
;;!   "story": "Plain accesses of 64 bits, aligned and not, race, and fresh cells get their first value by a plain store while another thread looks. Tearing is allowed, byte by byte; a byte that nobody wrote is not.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "a plain store of 64 bits first writes 0x5a to its fourth byte" }
(module
  (import "env" "memory" (memory 2 2 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "weft" "barrier" (func $barrier (param i32)))
  (data (i32.const 4096) "MEM-058 foreign bytes, aligned\00")
  (data (i32.const 4144) "MEM-058 foreign bytes, unaligned\00")
  (data (i32.const 4192) "MEM-084 foreign bytes after a first plain store\00")
  ;; 8192 and 8259 the cells   8448 shares done   65536 ... 81536 fresh cells
  (func $more (param $left i32) (result i32)
    (if (i32.eqz (local.get $left))
      (then (drop (i32.atomic.rmw.add (i32.const 8448) (i32.const 1)))))
    (i32.or (i32.gt_s (local.get $left) (i32.const 0))
            (i32.lt_u (i32.atomic.load (i32.const 8448)) (i32.const 2))))
  ;; 1 if some byte is neither that of 0x11... nor that of 0xee...
  (func $foreign (param $v i64) (result i32)
    (local.set $v (i64.xor (local.get $v) (i64.const 0x1111111111111111)))
    (i64.ne (local.get $v)
      (i64.mul (i64.and (local.get $v) (i64.const 0x0101010101010101)) (i64.const 255))))
  (func $write (param $v i64)
    (i64.store (i32.const 8192) (local.get $v))
    (i64.store align=1 (i32.const 8259) (local.get $v)))
  (func (export "weft_thread") (param i32 i32) (local $n i32) (local $at i32)
    (call $barrier (i32.const 2))
    (local.set $n (i32.const 20000))
    (local.set $at (i32.const 65536))
    (loop $again
      (call $write (i64.const 0xeeeeeeeeeeeeeeee))
      (call $write (i64.const 0x1111111111111111))
      (if (i32.lt_u (local.get $at) (i32.const 81536))
        (then
          (i64.store (local.get $at) (i64.const 0x2222222222222222))
          (local.set $at (i32.add (local.get $at) (i32.const 8)))))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $again (call $more (local.get $n)))))
  (func (export "_start") (local $n i32) (local $at i32) (local $v i64)
        (local $a i32) (local $u i32) (local $f i32)
    (call $write (i64.const 0x1111111111111111))
    (drop (call $spawn (i32.const 0)))
    (call $barrier (i32.const 2))
    (local.set $n (i32.const 20000))
    (local.set $at (i32.const 65536))
    (loop $again
      (local.set $a (i32.add (local.get $a) (call $foreign (i64.load (i32.const 8192)))))
      (local.set $u (i32.add (local.get $u) (call $foreign (i64.load align=1 (i32.const 8259)))))
      (if (i32.lt_u (local.get $at) (i32.const 81536))
        (then
          (local.set $v
            (if (result i64) (i32.and (local.get $n) (i32.const 1))
              (then (i64.load (local.get $at)))
              (else (i64.atomic.load (local.get $at)))))
          (local.set $f (i32.add (local.get $f)
            (i64.ne (local.get $v)
              (i64.mul (i64.shr_u (i64.and (local.get $v) (i64.const 0x2020202020202020)) (i64.const 5))
                       (i64.const 0x22)))))
          (if (i64.ne (local.get $v) (i64.const 0))
            (then (local.set $at (i32.add (local.get $at) (i32.const 8)))))))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $again (call $more (local.get $n))))
    (call $join_all)
    (call $check (i32.const 4096) (local.get $a) (i32.const 0))
    (call $check (i32.const 4144) (local.get $u) (i32.const 0))
    (call $check (i32.const 4192) (local.get $f) (i32.const 0))))

;;! { "id": "atom/overlapping-widths-keep-neighbours", "kind": "program", "sort": "sound",
;;!   "requirements": ["ATOM-117"],
;;!   "story": "Read-modify-writes of 8 and of 16 bits race on overlapping cells. Whether an addition is lost is open; the bytes beside the wider cell are not, nor is what both write when they write the same.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "a read-modify-write of 16 bits writes four bytes" }
(module
  (import "env" "memory" (memory 2 2 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "weft" "barrier" (func $barrier (param i32)))
  (data (i32.const 4096) "ATOM-117 bytes beside the cell\00")
  (data (i32.const 4144) "ATOM-117 after two exchanges\00")
  ;; 8192 8 bits, 8192 16 bits; 8194 ... 8199 the thread's own bytes
  (func (export "weft_thread") (param i32 i32) (local $n i32)
    (call $barrier (i32.const 2))
    (local.set $n (i32.const 20000))
    (loop $again
      (drop (i32.atomic.rmw8.add_u (i32.const 8192) (i32.const 1)))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $again (local.get $n)))
    (drop (i32.atomic.rmw8.xchg_u (i32.const 8192) (i32.const 0x55))))
  (func (export "_start") (local $n i32) (local $wrong i32)
    (drop (call $spawn (i32.const 0)))
    (call $barrier (i32.const 2))
    (local.set $n (i32.const 20000))
    (loop $again
      (i32.store16 (i32.const 8194) (local.get $n))
      (drop (i32.atomic.rmw16.add_u (i32.const 8192) (i32.const 0x0101)))
      (local.set $wrong (i32.add (local.get $wrong)
        (i32.ne (i32.load16_u (i32.const 8194)) (i32.and (local.get $n) (i32.const 0xffff)))))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $again (local.get $n)))
    (drop (i32.atomic.rmw16.xchg_u (i32.const 8192) (i32.const 0x5555)))
    (call $join_all)
    (call $check (i32.const 4096) (local.get $wrong) (i32.const 0))
    (call $check (i32.const 4144) (i32.load16_u (i32.const 8192)) (i32.const 0x5555))))

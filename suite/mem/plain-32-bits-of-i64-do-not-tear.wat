;;! { "id": "mem/plain-32-bits-of-i64-do-not-tear", "kind": "program", "sort": "sound",
;;!   "requirements": ["MM-086", "MEM-057"],
;;!   "story": "i64.store32 and i64.load32_u are integer accesses of 32 bits: aligned, they do not tear either.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "plain loads are performed byte by byte" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "barrier" (func $barrier (param i32)))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "MM-086 mixtures\00")
  ;; 8192 the cell   8448 shares done
  ;; Counts down; a thread that has done its share goes on until `all` shares are done, so that the
  ;; threads overlap even where one of them starts late.
  (func $more (param $left i32) (param $all i32) (result i32)
    (if (i32.eqz (local.get $left))
      (then (drop (i32.atomic.rmw.add (i32.const 8448) (i32.const 1)))))
    (i32.or (i32.gt_s (local.get $left) (i32.const 0))
            (i32.lt_u (i32.atomic.load (i32.const 8448)) (local.get $all))))
  (func $run (param $who i32) (local $n i32) (local $v i64) (local $bad i32)
    (local.set $n (i32.const 60000))
    (call $barrier (i32.const 2))
    (loop $again
      (if (local.get $who)
        (then
          (i64.store32 (i32.const 8192) (i64.const 0xedcba987))
          (i64.store32 (i32.const 8192) (i64.const 0x12345678)))
        (else
          (local.set $v (i64.load32_u (i32.const 8192)))
          (if (i32.eqz (i32.or (i64.eq (local.get $v) (i64.const 0x12345678)) (i64.eq (local.get $v) (i64.const 0xedcba987))))
            (then (local.set $bad (i32.add (local.get $bad) (i32.const 1)))))))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $again (call $more (local.get $n) (i32.const 2))))
    (call $check (i32.const 4096) (local.get $bad) (i32.const 0)))
  (func (export "weft_thread") (param i32 i32) (call $run (i32.const 1)))
  (func (export "_start")
    ;; an ordered first store: mixing with the initial zeros is another matter (MEM-084)
    (i64.store32 (i32.const 8192) (i64.const 0x12345678))
    (drop (call $spawn (i32.const 0)))
    (call $run (i32.const 0))
    (call $join_all)))

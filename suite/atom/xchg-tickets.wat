;;! { "id": "atom/xchg-tickets", "kind": "program", "sort": "sound",
;;!   "requirements": ["ATOM-112", "ATOM-110"],
;;!   "story": "Two threads exchange numbers with one cell, in all seven widths: every number that was put in comes out exactly once or remains, so the sums are equal.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "read-modify-writes are a load and a store" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "barrier" (func $barrier (param i32)))
  (import "weft" "check_i64" (func $check64 (param i32 i64 i64)))
  (data (i32.const 4096) "ATOM-112 put in - taken out = what remains\00")
  ;; 8200 the cell   8256 put in minus taken out   8448 shares done
  (type $rmw (func (param i32 i64) (result i64)))
  (func $xchg_i32_32 (type $rmw)
    (i64.extend_i32_u (i32.atomic.rmw.xchg (local.get 0) (i32.wrap_i64 (local.get 1)))))
  (func $xchg_i64_64 (type $rmw)
    (i64.atomic.rmw.xchg (local.get 0) (local.get 1)))
  (func $xchg_i32_8 (type $rmw)
    (i64.extend_i32_u (i32.atomic.rmw8.xchg_u (local.get 0) (i32.wrap_i64 (local.get 1)))))
  (func $xchg_i32_16 (type $rmw)
    (i64.extend_i32_u (i32.atomic.rmw16.xchg_u (local.get 0) (i32.wrap_i64 (local.get 1)))))
  (func $xchg_i64_8 (type $rmw)
    (i64.atomic.rmw8.xchg_u (local.get 0) (local.get 1)))
  (func $xchg_i64_16 (type $rmw)
    (i64.atomic.rmw16.xchg_u (local.get 0) (local.get 1)))
  (func $xchg_i64_32 (type $rmw)
    (i64.atomic.rmw32.xchg_u (local.get 0) (local.get 1)))
  (table 7 funcref)
  (elem (i32.const 0) $xchg_i32_32 $xchg_i64_64 $xchg_i32_8 $xchg_i32_16 $xchg_i64_8 $xchg_i64_16
    $xchg_i64_32)
  ;; Bytes of a form: i32, i64, 8 and 16 bits in i32, then 8, 16 and 32 bits in i64.
  (func $bytes (param $form i32) (result i32)
    (i32.and (i32.const 15)
      (i32.shr_u (i32.const 0x4212184) (i32.mul (local.get $form) (i32.const 4)))))
  (func $mask (param $form i32) (result i64)
    (i64.shr_u (i64.const -1)
      (i64.sub (i64.const 64)
               (i64.mul (i64.extend_i32_u (call $bytes (local.get $form))) (i64.const 8)))))
  ;; The last position of the form inside the cell, so that narrow forms have neighbours.
  (func $where (param $form i32) (result i32)
    (i32.sub (i32.const 8208) (call $bytes (local.get $form))))
  ;; Counts down; a thread that has done its share goes on until `all` shares are done, so that the
  ;; threads overlap even where one of them starts late.
  (func $more (param $left i32) (param $all i32) (result i32)
    (if (i32.eqz (local.get $left))
      (then (drop (i32.atomic.rmw.add (i32.const 8448) (i32.const 1)))))
    (i32.or (i32.gt_s (local.get $left) (i32.const 0))
            (i32.lt_u (i32.atomic.load (i32.const 8448)) (local.get $all))))
  (func $run (param $who i32) (local $form i32) (local $n i32) (local $v i64) (local $sum i64)
    (loop $forms
      (if (i32.eqz (local.get $who))
        (then
          (i64.atomic.store (i32.const 8200) (i64.const 0))
          (i64.atomic.store (i32.const 8256) (i64.const 0))))
      (call $barrier (i32.const 2))
      (local.set $sum (i64.const 0))
      (local.set $n (i32.const 10000))
      (loop $again
        ;; different in both threads, and never the same twice running
        (local.set $v
          (i64.and (call $mask (local.get $form))
            (i64.add (i64.mul (i64.extend_i32_u (local.get $n)) (i64.const 0x12345678a3))
                     (i64.shl (i64.extend_i32_u (local.get $who)) (i64.const 6)))))
        (local.set $sum
          (i64.add (local.get $sum)
            (i64.sub (local.get $v)
              (call_indirect (type $rmw) (call $where (local.get $form)) (local.get $v)
                             (local.get $form)))))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br_if $again (call $more (local.get $n) (i32.mul (i32.add (local.get $form) (i32.const 1)) (i32.const 2)))))
      (drop (i64.atomic.rmw.add (i32.const 8256) (local.get $sum)))
      (call $barrier (i32.const 2))
      (if (i32.eqz (local.get $who))
        (then
          (call $check64 (i32.const 4096)
            (i64.atomic.load (i32.const 8256))
            (i64.shr_u (i64.load (i32.const 8200))
              (i64.sub (i64.const 64)
                (i64.mul (i64.extend_i32_u (call $bytes (local.get $form))) (i64.const 8)))))))
      (call $barrier (i32.const 2))
      (local.set $form (i32.add (local.get $form) (i32.const 1)))
      (br_if $forms (i32.lt_u (local.get $form) (i32.const 7)))))
  (func (export "weft_thread") (param i32 i32) (call $run (i32.const 1)))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (call $run (i32.const 0))
    (call $join_all)))

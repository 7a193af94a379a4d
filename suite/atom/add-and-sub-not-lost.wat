;;! { "id": "atom/add-and-sub-not-lost", "kind": "program", "sort": "sound",
;;!   "requirements": ["ATOM-110", "MM-074", "ATOM-088"],
;;!   "story": "Two threads add and subtract on one cell, in all seven widths: no operation is lost, and the bytes beside the cell stay.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "i32.atomic.rmw16.add_u loads, adds and stores in two steps" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "barrier" (func $barrier (param i32)))
  (import "weft" "check_i64" (func $check64 (param i32 i64 i64)))
  (data (i32.const 4096) "ATOM-110 cell after add and sub\00")
  ;; 8200 the cell
  (type $rmw (func (param i32 i64) (result i64)))
  (func $add_i32_32 (type $rmw)
    (i64.extend_i32_u (i32.atomic.rmw.add (local.get 0) (i32.wrap_i64 (local.get 1)))))
  (func $add_i64_64 (type $rmw)
    (i64.atomic.rmw.add (local.get 0) (local.get 1)))
  (func $add_i32_8 (type $rmw)
    (i64.extend_i32_u (i32.atomic.rmw8.add_u (local.get 0) (i32.wrap_i64 (local.get 1)))))
  (func $add_i32_16 (type $rmw)
    (i64.extend_i32_u (i32.atomic.rmw16.add_u (local.get 0) (i32.wrap_i64 (local.get 1)))))
  (func $add_i64_8 (type $rmw)
    (i64.atomic.rmw8.add_u (local.get 0) (local.get 1)))
  (func $add_i64_16 (type $rmw)
    (i64.atomic.rmw16.add_u (local.get 0) (local.get 1)))
  (func $add_i64_32 (type $rmw)
    (i64.atomic.rmw32.add_u (local.get 0) (local.get 1)))
  (func $sub_i32_32 (type $rmw)
    (i64.extend_i32_u (i32.atomic.rmw.sub (local.get 0) (i32.wrap_i64 (local.get 1)))))
  (func $sub_i64_64 (type $rmw)
    (i64.atomic.rmw.sub (local.get 0) (local.get 1)))
  (func $sub_i32_8 (type $rmw)
    (i64.extend_i32_u (i32.atomic.rmw8.sub_u (local.get 0) (i32.wrap_i64 (local.get 1)))))
  (func $sub_i32_16 (type $rmw)
    (i64.extend_i32_u (i32.atomic.rmw16.sub_u (local.get 0) (i32.wrap_i64 (local.get 1)))))
  (func $sub_i64_8 (type $rmw)
    (i64.atomic.rmw8.sub_u (local.get 0) (local.get 1)))
  (func $sub_i64_16 (type $rmw)
    (i64.atomic.rmw16.sub_u (local.get 0) (local.get 1)))
  (func $sub_i64_32 (type $rmw)
    (i64.atomic.rmw32.sub_u (local.get 0) (local.get 1)))
  (table 14 funcref)
  (elem (i32.const 0) $add_i32_32 $add_i64_64 $add_i32_8 $add_i32_16 $add_i64_8 $add_i64_16 $add_i64_32
    $sub_i32_32 $sub_i64_64 $sub_i32_8 $sub_i32_16 $sub_i64_8 $sub_i64_16 $sub_i64_32)
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
  ;; The other thread uses the same cell with the instruction `number`, `times` times.
  (func $hammer (param $number i32) (param $at i32) (param $v i64) (param $times i32)
    (loop $again
      (drop (call_indirect (type $rmw) (local.get $at) (local.get $v) (local.get $number)))
      (local.set $times (i32.sub (local.get $times) (i32.const 1)))
      (br_if $again (local.get $times))))
  (func $run (param $who i32) (local $form i32) (local $sub i32)
    (loop $forms
      ;; who = 0 adds 3; who = 1 adds 1, in the second round subtracts 2
      (if (i32.eqz (local.get $who))
        (then
          (i64.store (i32.const 8200) (i64.const 0x5a5a5a5a5a5a5a5a))))
      (call $barrier (i32.const 2))
      (if (local.get $who)
        (then
          (call $hammer (i32.add (local.get $form) (i32.mul (local.get $sub) (i32.const 7)))
            (call $where (local.get $form))
            (i64.add (i64.const 1) (i64.extend_i32_u (local.get $sub))) (i32.const 10000)))
        (else
          (call $hammer (local.get $form) (call $where (local.get $form))
            (i64.const 3) (i32.const 10000))))
      (call $barrier (i32.const 2))
      (if (i32.eqz (local.get $who))
        (then (call $judge (local.get $form) (local.get $sub))))
      (call $barrier (i32.const 2))
      (local.set $sub (i32.xor (local.get $sub) (i32.const 1)))
      (br_if $forms (local.get $sub))
      (local.set $form (i32.add (local.get $form) (i32.const 1)))
      (br_if $forms (i32.lt_u (local.get $form) (i32.const 7)))))
  (func $judge (param $form i32) (param $sub i32) (local $shift i64) (local $want i64)
    (local.set $shift
      (i64.sub (i64.const 64)
               (i64.mul (i64.extend_i32_u (call $bytes (local.get $form))) (i64.const 8))))
    ;; 3 + 1 or 3 - 2, ten thousand times, from 0x5a5a...
    (local.set $want
      (i64.and (call $mask (local.get $form))
        (i64.add (i64.const 0x5a5a5a5a5a5a5a5a)
          (select (i64.const 10000) (i64.const 40000) (local.get $sub)))))
    (call $check64 (i32.const 4096)
      (i64.load (i32.const 8200))
      (i64.or (i64.shl (local.get $want) (local.get $shift))
        (i64.and (i64.const 0x5a5a5a5a5a5a5a5a)
          (i64.xor (i64.const -1) (i64.shl (call $mask (local.get $form)) (local.get $shift)))))))
  (func (export "weft_thread") (param i32 i32) (call $run (i32.const 1)))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (call $run (i32.const 0))
    (call $join_all)))

;;! { "id": "atom/narrow-rmw-keeps-neighbours", "kind": "program", "sort": "sound",
;;!   "requirements": ["ATOM-116", "ATOM-089"],
;;!   "story": "One thread adds to the upper bytes of a cell with narrow read-modify-writes while another one stores plainly to the bytes below and reads its values back: neither disturbs the other, in all narrow widths. Engines that emulate narrow operations with wider ones fail here.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "8- and 16-bit read-modify-writes are a 32-bit load and a 32-bit store" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "barrier" (func $barrier (param i32)))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "ATOM-089 own counter was disturbed\00")
  (data (i32.const 4144) "ATOM-116 own plain store was overwritten\00")
  ;; 8200 the cell   8448 shares done
  (func $delay (param $n i32)
    (block $end
      (loop $again
        (br_if $end (i32.eqz (local.get $n)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $again))))
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
  (table 7 funcref)
  (elem (i32.const 0) $add_i32_32 $add_i64_64 $add_i32_8 $add_i32_16 $add_i64_8 $add_i64_16 $add_i64_32)
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
  (func $run (param $who i32) (local $form i32) (local $n i32) (local $bad i32) (local $own i64)
      (local $at i32)
    (local.set $form (i32.const 2))
    (loop $forms
      (if (i32.eqz (local.get $who)) (then (i64.atomic.store (i32.const 8200) (i64.const 0))))
      (call $barrier (i32.const 2))
      (local.set $n (i32.const 12000))
      (local.set $own (i64.const 0))
      (loop $again
        (if (local.get $who)
          (then
            (if (i64.ne (local.get $own)
                  (call_indirect (type $rmw) (call $where (local.get $form)) (i64.const 1)
                                 (local.get $form)))
              (then (local.set $bad (i32.add (local.get $bad) (i32.const 1)))))
            (local.set $own
              (i64.and (i64.add (local.get $own) (i64.const 1)) (call $mask (local.get $form)))))
          (else
            ;; each byte below the cell in its turn
            (local.set $at
              (i32.sub (i32.sub (call $where (local.get $form)) (i32.const 1))
                (i32.rem_u (local.get $n)
                           (i32.sub (i32.const 8) (call $bytes (local.get $form))))))
            (i32.store8 (local.get $at) (local.get $n))
            (call $delay (i32.and (local.get $n) (i32.const 7)))
            (if (i32.ne (i32.load8_u (local.get $at))
                        (i32.and (local.get $n) (i32.const 0xff)))
              (then (local.set $bad (i32.add (local.get $bad) (i32.const 1)))))))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br_if $again (call $more (local.get $n) (i32.mul (i32.sub (local.get $form) (i32.const 1)) (i32.const 2)))))
      (call $barrier (i32.const 2))
      (local.set $form (i32.add (local.get $form) (i32.const 1)))
      (br_if $forms (i32.lt_u (local.get $form) (i32.const 7))))
    (if (local.get $who)
      (then (call $check (i32.const 4096) (local.get $bad) (i32.const 0)))
      (else (call $check (i32.const 4144)
              (local.get $bad) (i32.const 0)))))
  (func (export "weft_thread") (param i32 i32) (call $run (i32.const 1)))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (call $run (i32.const 0))
    (call $join_all)))

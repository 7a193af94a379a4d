;;! { "id": "wait/live-values-across-suspension", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-063"],
;;!   "story": "Locals and operands of all types that live across a wait that really suspended the thread, and that a notify of another thread ended, keep their values, cold and hot.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "wait and notify set the first local to 0" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "WAIT-063 changed a value, instruction\00")
  (data (i32.const 4144) "WAIT-063 wrong result, instruction\00")
  ;; 8192 the cell   8256 the last instruction that changed a value, 8264 that had a wrong result
  ;; 8320 the parameter of this round
  ;; 8384 the cell to wait on, always 0   8448 waits that are over
  ;; What every function hands over: four operands that were on the stack below the instruction, its
  ;; result, four locals, one that was never assigned, and the parameter all of them come from.
  (func $compare
      (param $i i32) (param $l i64) (param $f f32) (param $d f64) (param $result i64)
      (param $li i32) (param $ll i64) (param $lf f32) (param $ld f64) (param $zero i32)
      (param $p i32) (param $want i64) (param $number i32)
    (if (i32.or
          (i32.or
            (i32.or (i32.ne (local.get $i) (i32.xor (local.get $p) (i32.const 5)))
                    (i64.ne (local.get $l) (i64.extend_i32_u (local.get $p))))
            (i32.or (f32.ne (local.get $f) (f32.convert_i32_u (local.get $p)))
                    (f64.ne (local.get $d) (f64.convert_i32_u (local.get $p)))))
          (i32.or
            (i32.or (i32.ne (local.get $li) (i32.add (local.get $p) (i32.const 1)))
                    (i64.ne (local.get $ll) (i64.mul (i64.extend_i32_u (local.get $p))
                                                     (i64.const 0x100000001))))
            (i32.or (f32.ne (local.get $lf) (f32.neg (f32.convert_i32_u (local.get $p))))
                    (i32.or (f64.ne (local.get $ld) (f64.neg (f64.convert_i32_u (local.get $p))))
                            (i32.or (local.get $zero)
                                    (i32.ne (local.get $p) (i32.load (i32.const 8320))))))))
      (then (i32.store (i32.const 8256) (local.get $number))))
    (if (i64.ne (local.get $result) (local.get $want))
      (then (i32.store (i32.const 8264) (local.get $number)))))
  (func $case_1 (param $p i32)
      (local $i i32) (local $l i64) (local $f f32) (local $d f64) (local $zero i32)
    (i64.store (i32.const 8192) (i64.const 0x8182838485868788))
    (local.set $i (i32.add (local.get $p) (i32.const 1)))
    (local.set $l (i64.mul (i64.extend_i32_u (local.get $p)) (i64.const 0x100000001)))
    (local.set $f (f32.neg (f32.convert_i32_u (local.get $p))))
    (local.set $d (f64.neg (f64.convert_i32_u (local.get $p))))
    (call $compare
      (i32.xor (local.get $p) (i32.const 5)) (i64.extend_i32_u (local.get $p))
      (f32.convert_i32_u (local.get $p)) (f64.convert_i32_u (local.get $p))
      (i64.extend_i32_u
        (memory.atomic.wait32 (i32.const 8384) (i32.const 0) (i64.const -1)))
      (local.get $i) (local.get $l) (local.get $f) (local.get $d) (local.get $zero) (local.get $p)
      (i64.const 0x0) (i32.const 1)))
  (func $case_2 (param $p i32)
      (local $i i32) (local $l i64) (local $f f32) (local $d f64) (local $zero i32)
    (i64.store (i32.const 8192) (i64.const 0x8182838485868788))
    (local.set $i (i32.add (local.get $p) (i32.const 1)))
    (local.set $l (i64.mul (i64.extend_i32_u (local.get $p)) (i64.const 0x100000001)))
    (local.set $f (f32.neg (f32.convert_i32_u (local.get $p))))
    (local.set $d (f64.neg (f64.convert_i32_u (local.get $p))))
    (call $compare
      (i32.xor (local.get $p) (i32.const 5)) (i64.extend_i32_u (local.get $p))
      (f32.convert_i32_u (local.get $p)) (f64.convert_i32_u (local.get $p))
      (i64.extend_i32_u
        (memory.atomic.wait64 (i32.const 8384) (i64.const 0) (i64.const -1)))
      (local.get $i) (local.get $l) (local.get $f) (local.get $d) (local.get $zero) (local.get $p)
      (i64.const 0x0) (i32.const 2)))
  ;; Notifies until the waiter is counted, then polls until wait number n is over: a runtime that
  ;; counts a waiter twice is another test's matter (wait/double-notify).
  (func $wake (param $n i32)
    (loop $until_counted
      (br_if $until_counted (i32.eqz (memory.atomic.notify (i32.const 8384) (i32.const 1)))))
    (loop $until_over
      (br_if $until_over (i32.lt_u (i32.atomic.load (i32.const 8448)) (local.get $n)))))
  (func (export "weft_thread") (param i32 i32) (local $p i32)
    (loop $rounds
      (local.set $p (i32.add (local.get $p) (i32.const 1)))
      (i32.store (i32.const 8320) (local.get $p))
      (call $case_1 (local.get $p))
      (drop (i32.atomic.rmw.add (i32.const 8448) (i32.const 1)))
      (call $case_2 (local.get $p))
      (drop (i32.atomic.rmw.add (i32.const 8448) (i32.const 1)))
      (br_if $rounds (i32.lt_u (local.get $p) (i32.const 1000))))
    (call $check (i32.const 4096) (i32.load (i32.const 8256)) (i32.const 0))
    (call $check (i32.const 4144) (i32.load (i32.const 8264)) (i32.const 0)))
  (func (export "_start") (local $n i32)
    (drop (call $spawn (i32.const 0)))
    (loop $rounds
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (call $wake (local.get $n))
      (br_if $rounds (i32.lt_u (local.get $n) (i32.const 2000))))
    (call $join_all)))

;;! { "id": "atom/election", "kind": "program", "sort": "sound",
;;!   "requirements": ["ATOM-111", "MM-074"],
;;!   "story": "Three threads race with cmpxchg from 0 to their own number, in sixteen thousand cells a round and ten rounds: exactly one sees 0, and the others see the number of the winner.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "cmpxchg is a load, a comparison and a store" }
(module
  (import "env" "memory" (memory 3 3 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "barrier" (func $barrier (param i32)))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "ATOM-111 wrong elections, bits\00")
  ;; 65536 16384 cells of 4 bytes   131072 what the threads saw, 4 bytes a cell
  ;; Thread `who` (1 to 3) stands in every cell; what it saw goes to a byte of its own.
  (func $stand (param $who i32) (local $cell i32)
    (loop $cells
      (i32.store8 (i32.add (i32.const 131072) (i32.add (i32.mul (local.get $cell) (i32.const 4)) (local.get $who)))
        (i32.atomic.rmw.cmpxchg offset=65536 (i32.mul (local.get $cell) (i32.const 4))
          (i32.const 0) (local.get $who)))
      (local.set $cell (i32.add (local.get $cell) (i32.const 1)))
      (br_if $cells (i32.lt_u (local.get $cell) (i32.const 16384)))))
  (func $seen (param $cell i32) (param $who i32) (result i32)
    (i32.load8_u offset=131072
      (i32.add (i32.mul (local.get $cell) (i32.const 4)) (local.get $who))))
  ;; Bits of what is wrong with one cell: 1 not one winner, 2 a loser saw another number.
  (func $wrong (param $cell i32) (result i32) (local $winner i32) (local $who i32) (local $zeros i32)
      (local $bad i32)
    (local.set $winner
      (i32.atomic.load offset=65536 (i32.mul (local.get $cell) (i32.const 4))))
    (local.set $who (i32.const 1))
    (loop $voters
      (if (i32.eqz (call $seen (local.get $cell) (local.get $who)))
        (then (local.set $zeros (i32.add (local.get $zeros) (i32.const 1)))
              (if (i32.ne (local.get $who) (local.get $winner)) (then (local.set $bad (i32.const 1)))))
        (else (if (i32.ne (call $seen (local.get $cell) (local.get $who)) (local.get $winner))
                (then (local.set $bad (i32.or (local.get $bad) (i32.const 2)))))))
      (local.set $who (i32.add (local.get $who) (i32.const 1)))
      (br_if $voters (i32.le_u (local.get $who) (i32.const 3))))
    (i32.or (local.get $bad) (i32.ne (local.get $zeros) (i32.const 1))))
  (func $rounds (param $who i32) (local $round i32) (local $cell i32) (local $bad i32)
    (loop $again
      (if (i32.eq (local.get $who) (i32.const 1))
        (then (memory.fill (i32.const 65536) (i32.const 0) (i32.const 65536))))
      (call $barrier (i32.const 3))
      (call $stand (local.get $who))
      (call $barrier (i32.const 3))
      (if (i32.eq (local.get $who) (i32.const 1))
        (then
          (local.set $cell (i32.const 0))
          (loop $cells
            (local.set $bad (i32.or (local.get $bad) (call $wrong (local.get $cell))))
            (local.set $cell (i32.add (local.get $cell) (i32.const 1)))
            (br_if $cells (i32.lt_u (local.get $cell) (i32.const 16384))))))
      (local.set $round (i32.add (local.get $round) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $round) (i32.const 10))))
    (call $check (i32.const 4096) (local.get $bad) (i32.const 0)))
  (func (export "weft_thread") (param $tid i32) (param $who i32) (call $rounds (local.get $who)))
  (func (export "_start")
    (drop (call $spawn (i32.const 2)))
    (drop (call $spawn (i32.const 3)))
    (call $rounds (i32.const 1))
    (call $join_all)))

;;! { "id": "wait/lost-wakeup", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-025", "WAIT-017"],
;;!   "story": "A thread waits for each of four thousand turns without timeout; main, which is awake, stores the turn and notifies once, sooner or later after the thread has set out to wait. If comparing the value and joining the queue were two steps, a notify between them would be lost and the program would hang.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "wait compares the value before it takes the lock of the queue" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "WAIT-017 a wait without timeout returned 2\00")
  (data (i32.const 4144) "WAIT-025 last turn\00")
  ;; 8192 the turn   8256 the turn that the thread sets out to wait for
  (func $delay (param $n i32)
    (block $end
      (loop $again
        (br_if $end (i32.eqz (local.get $n)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $again))))
  ;; Waits until the cell holds the turn; before, it holds turn - 1. Bits: 1 a result above 1.
  (func $await (param $turn i32) (result i32) (local $odd i32)
    (loop $until
      (if (i32.ne (i32.atomic.load (i32.const 8192)) (local.get $turn))
        (then
          (if (i32.gt_u (memory.atomic.wait32 (i32.const 8192)
                          (i32.sub (local.get $turn) (i32.const 1)) (i64.const -1))
                        (i32.const 1))
            (then (local.set $odd (i32.const 1))))
          (br $until))))
    (local.get $odd))
  (func (export "weft_thread") (param i32 i32) (local $turn i32) (local $odd i32)
    (loop $turns
      (local.set $turn (i32.add (local.get $turn) (i32.const 1)))
      (i32.atomic.store (i32.const 8256) (local.get $turn))  ;; sets out to wait
      (local.set $odd (i32.or (local.get $odd) (call $await (local.get $turn))))
      (br_if $turns (i32.lt_u (local.get $turn) (i32.const 4000))))
    (call $check (i32.const 4096) (local.get $odd) (i32.const 0)))
  (func $pause (param $seen i32)
    (drop (memory.atomic.wait32 (i32.const 8256) (local.get $seen) (i64.const 100000))))
  (func $until_set_out (param $turn i32) (local $polls i32)
    (loop $again
      (if (i32.ne (i32.atomic.load (i32.const 8256)) (local.get $turn))
        (then
          (local.set $polls (i32.add (local.get $polls) (i32.const 1)))
          (if (i32.gt_u (local.get $polls) (i32.const 10000))
            (then (call $pause (i32.sub (local.get $turn) (i32.const 1)))))
          (br $again)))))
  (func (export "_start") (local $turn i32)
    (drop (call $spawn (i32.const 0)))
    (loop $turns
      (local.set $turn (i32.add (local.get $turn) (i32.const 1)))
      (call $until_set_out (local.get $turn))
      (call $delay (i32.and (local.get $turn) (i32.const 127)))
      (i32.atomic.store (i32.const 8192) (local.get $turn))
      (drop (memory.atomic.notify (i32.const 8192) (i32.const 1)))
      (br_if $turns (i32.lt_u (local.get $turn) (i32.const 4000))))
    (call $join_all)
    (call $check (i32.const 4144) (i32.atomic.load (i32.const 8256)) (i32.const 4000))))

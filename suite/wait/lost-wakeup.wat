;;! { "id": "wait/lost-wakeup", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-025", "WAIT-017"],
;;!   "story": "Two threads hand a turn to each other ten thousand times: store a new value, notify once, wait for the answer without timeout. If comparing the value and joining the queue were two steps, a notify between them would be lost and the program would hang.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "wait compares the value before it takes the lock of the queue" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "WAIT-025 last turn\00")
  (data (i32.const 4144) "WAIT-017 a wait without timeout returned 2\00")
  ;; 8192 turn of the thread   8256 turn of main
  (func $delay (param $n i32)
    (block $end
      (loop $again
        (br_if $end (i32.eqz (local.get $n)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $again))))
  ;; Waits until the cell holds the value; what it held before is value - 1.
  (func $await (param $cell i32) (param $value i32) (result i32) (local $odd i32)
    (loop $until
      (if (i32.gt_u (memory.atomic.wait32 (local.get $cell)
                      (i32.sub (local.get $value) (i32.const 1)) (i64.const -1))
                    (i32.const 1))
        (then (local.set $odd (i32.const 1))))
      (br_if $until (i32.ne (i32.atomic.load (local.get $cell)) (local.get $value))))
    (local.get $odd))
  (func $give (param $cell i32) (param $value i32)
    (i32.atomic.store (local.get $cell) (local.get $value))
    (drop (memory.atomic.notify (local.get $cell) (i32.const 1))))
  (func (export "weft_thread") (param i32 i32) (local $turn i32)
    (loop $turns
      (local.set $turn (i32.add (local.get $turn) (i32.const 1)))
      (drop (call $await (i32.const 8192) (local.get $turn)))
      (call $delay (i32.and (i32.mul (local.get $turn) (i32.const 7)) (i32.const 255)))
      (call $give (i32.const 8256) (local.get $turn))
      (br_if $turns (i32.lt_u (local.get $turn) (i32.const 10000)))))
  (func (export "_start") (local $turn i32) (local $odd i32)
    (drop (call $spawn (i32.const 0)))
    (loop $turns
      (local.set $turn (i32.add (local.get $turn) (i32.const 1)))
      (call $give (i32.const 8192) (local.get $turn))
      (call $delay (i32.and (i32.mul (local.get $turn) (i32.const 13)) (i32.const 255)))
      (local.set $odd
        (i32.or (local.get $odd) (call $await (i32.const 8256) (local.get $turn))))
      (br_if $turns (i32.lt_u (local.get $turn) (i32.const 10000))))
    (call $join_all)
    (call $check (i32.const 4096) (i32.atomic.load (i32.const 8256)) (i32.const 10000))
    (call $check (i32.const 4144) (local.get $odd) (i32.const 0))))

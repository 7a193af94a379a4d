;;! { "id": "p1/monotonic-clock-across-threads", "kind": "program", "sort": "sound",
;;!   "requirements": ["P1-025"],
;;!   "story": "Two threads read the monotonic clock in turn, 300 times each: no time is below the one that the other has handed over.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "every second reading of the clock lies 1 ms back" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "wasi_snapshot_preview1" "clock_time_get"
    (func $clock_time_get (param i32 i64 i32) (result i32)))
  (data (i32.const 4096) "P1-025 times that went back\00")
  (data (i32.const 4160) "P1-025 error number\00")
  ;; 8192 whose turn   8200 the time handed over   8208 + 8 i thread i's reading
  ;; 8232 times that went back
  (func $nap (param $turn i32)
    (drop (memory.atomic.wait32 (i32.const 8192) (local.get $turn) (i64.const 1000000))))
  (func $play (param $who i32) (local $round i32) (local $at i32)
    (local.set $at (i32.add (i32.const 8208) (i32.shl (local.get $who) (i32.const 3))))
    (loop $rounds
      (block $mine
        (loop $again
          (br_if $mine (i32.eq (i32.atomic.load (i32.const 8192)) (local.get $who)))
          (call $nap (i32.xor (local.get $who) (i32.const 1)))
          (br $again)))
      (call $check (i32.const 4160)
        (call $clock_time_get (i32.const 1) (i64.const 0) (local.get $at)) (i32.const 0))
      (if (i64.lt_u (i64.load (local.get $at)) (i64.load (i32.const 8200)))
        (then (drop (i32.atomic.rmw.add (i32.const 8232) (i32.const 1)))))
      (i64.store (i32.const 8200) (i64.load (local.get $at)))
      (i32.atomic.store (i32.const 8192) (i32.xor (local.get $who) (i32.const 1)))
      (drop (memory.atomic.notify (i32.const 8192) (i32.const 1)))
      (local.set $round (i32.add (local.get $round) (i32.const 1)))
      (br_if $rounds (i32.lt_u (local.get $round) (i32.const 300)))))
  (func (export "weft_thread") (param i32 i32) (call $play (i32.const 1)))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (call $play (i32.const 0))
    (call $join_all)
    (call $check (i32.const 4096) (i32.atomic.load (i32.const 8232)) (i32.const 0))))

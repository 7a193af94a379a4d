;;! { "id": "wait/loop-counter-across-wait", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-063"],
;;!   "story": "The only local of a function is a loop counter that starts as the implicit zero: it goes on counting although every iteration waits, notifies or fences.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "wait and notify set the first local to 0" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "WAIT-063 loop with wait32_timeout\00")
  (data (i32.const 4144) "WAIT-063 loop with wait64_timeout\00")
  (data (i32.const 4192) "WAIT-063 loop with wait32_not_equal\00")
  (data (i32.const 4240) "WAIT-063 loop with wait64_not_equal\00")
  (data (i32.const 4288) "WAIT-063 loop with notify\00")
  (data (i32.const 4336) "WAIT-063 loop with fence\00")
  ;; 8192 the cell, always 0   8256 iterations   8320 the loop has ended by its counter
  ;; Has the loop run often enough? Counted in memory, so that a lost local ends it all the same.
  (func $overrun (result i32)
    (i32.gt_u (i32.atomic.rmw.add (i32.const 8256) (i32.const 1)) (i32.const 5)))
  (func $wait32_timeout (local $i i32)
    (loop $six_times
      (if (call $overrun) (then (return)))
      (drop (memory.atomic.wait32 (i32.const 8192) (i32.const 0) (i64.const 0)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $six_times (i32.lt_u (local.get $i) (i32.const 6))))
    (i32.atomic.store (i32.const 8320) (i32.const 1)))
  (func $wait64_timeout (local $i i32)
    (loop $six_times
      (if (call $overrun) (then (return)))
      (drop (memory.atomic.wait64 (i32.const 8192) (i64.const 0) (i64.const 0)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $six_times (i32.lt_u (local.get $i) (i32.const 6))))
    (i32.atomic.store (i32.const 8320) (i32.const 1)))
  (func $wait32_not_equal (local $i i32)
    (loop $six_times
      (if (call $overrun) (then (return)))
      (drop (memory.atomic.wait32 (i32.const 8192) (i32.const 1) (i64.const -1)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $six_times (i32.lt_u (local.get $i) (i32.const 6))))
    (i32.atomic.store (i32.const 8320) (i32.const 1)))
  (func $wait64_not_equal (local $i i32)
    (loop $six_times
      (if (call $overrun) (then (return)))
      (drop (memory.atomic.wait64 (i32.const 8192) (i64.const 1) (i64.const -1)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $six_times (i32.lt_u (local.get $i) (i32.const 6))))
    (i32.atomic.store (i32.const 8320) (i32.const 1)))
  (func $notify (local $i i32)
    (loop $six_times
      (if (call $overrun) (then (return)))
      (drop (memory.atomic.notify (i32.const 8192) (i32.const 1)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $six_times (i32.lt_u (local.get $i) (i32.const 6))))
    (i32.atomic.store (i32.const 8320) (i32.const 1)))
  (func $fence (local $i i32)
    (loop $six_times
      (if (call $overrun) (then (return)))
      (atomic.fence)
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $six_times (i32.lt_u (local.get $i) (i32.const 6))))
    (i32.atomic.store (i32.const 8320) (i32.const 1)))
  (func $judge (param $label i32)
    (call $check (local.get $label) (i32.atomic.load (i32.const 8320)) (i32.const 1))
    (call $check (local.get $label) (i32.atomic.load (i32.const 8256)) (i32.const 6))
    (i32.atomic.store (i32.const 8256) (i32.const 0))
    (i32.atomic.store (i32.const 8320) (i32.const 0)))
  (func (export "_start")
    (call $wait32_timeout) (call $judge (i32.const 4096))
    (call $wait64_timeout) (call $judge (i32.const 4144))
    (call $wait32_not_equal) (call $judge (i32.const 4192))
    (call $wait64_not_equal) (call $judge (i32.const 4240))
    (call $notify) (call $judge (i32.const 4288))
    (call $fence) (call $judge (i32.const 4336))))

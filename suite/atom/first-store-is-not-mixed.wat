;;! { "id": "atom/first-store-is-not-mixed", "kind": "program", "sort": "sound",
;;!   "requirements": ["ATOM-119"],
;;!   "story": "65,536 fresh cells get their first value by an atomic store of 64 bits while another thread polls them with atomic loads: what it sees is 0 or the whole value, never a part of it among the zeros the memory began with.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "an atomic store of 64 bits writes its two halves one after the other" }
(module
  (import "env" "memory" (memory 10 10 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "weft" "barrier" (func $barrier (param i32)))
  (data (i32.const 4096) "ATOM-119 parts of the value\00")
  ;; 65536 ... 589824 the cells
  (func (export "weft_thread") (param i32 i32) (local $at i32)
    (call $barrier (i32.const 2))
    (local.set $at (i32.const 65536))
    (loop $again
      (i64.atomic.store (local.get $at) (i64.const 0x1122334455667788))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br_if $again (i32.lt_u (local.get $at) (i32.const 589824)))))
  (func (export "_start") (local $at i32) (local $value i64) (local $parts i32)
    (drop (call $spawn (i32.const 0)))
    (call $barrier (i32.const 2))
    (local.set $at (i32.const 65536))
    (loop $again
      (local.set $value (i64.atomic.load (local.get $at)))
      (br_if $again (i64.eqz (local.get $value)))
      (if (i64.ne (local.get $value) (i64.const 0x1122334455667788))
        (then (local.set $parts (i32.add (local.get $parts) (i32.const 1)))))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br_if $again (i32.lt_u (local.get $at) (i32.const 589824))))
    (call $join_all)
    (call $check (i32.const 4096) (local.get $parts) (i32.const 0))))

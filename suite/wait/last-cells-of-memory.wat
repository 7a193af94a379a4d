;;! { "id": "wait/last-cells-of-memory", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-006", "WAIT-005"],
;;!   "story": "The last aligned cell of the memory can be waited on and notified, by every split of its address into base and offset.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "wait and notify require one byte more than the cell" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "WAIT-006 notify at length - 4\00")
  (data (i32.const 4144) "WAIT-006 notify, all in the offset\00")
  (data (i32.const 4192) "WAIT-006 wait32 at length - 4\00")
  (data (i32.const 4240) "WAIT-006 wait32 with offset\00")
  (data (i32.const 4288) "WAIT-006 wait32 not equal\00")
  (data (i32.const 4336) "WAIT-006 wait64 at length - 8\00")
  (data (i32.const 4384) "WAIT-006 wait64 with offset\00")
  (func (export "_start")
    (call $check (i32.const 4096)
      (memory.atomic.notify (i32.const 65532) (i32.const 1)) (i32.const 0))
    (call $check (i32.const 4144)
      (memory.atomic.notify offset=65532 (i32.const 0) (i32.const 1)) (i32.const 0))
    (call $check (i32.const 4192)
      (memory.atomic.wait32 (i32.const 65532) (i32.const 0) (i64.const 0)) (i32.const 2))
    (call $check (i32.const 4240)
      (memory.atomic.wait32 offset=4 (i32.const 65528) (i32.const 0) (i64.const 0)) (i32.const 2))
    (call $check (i32.const 4288)
      (memory.atomic.wait32 offset=65532 (i32.const 0) (i32.const 1) (i64.const -1)) (i32.const 1))
    (call $check (i32.const 4336)
      (memory.atomic.wait64 (i32.const 65528) (i64.const 0) (i64.const 0)) (i32.const 2))
    (call $check (i32.const 4384)
      (memory.atomic.wait64 offset=65521 (i32.const 7) (i64.const 0) (i64.const 0)) (i32.const 2))))

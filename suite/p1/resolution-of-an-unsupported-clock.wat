;;! { "id": "p1/resolution-of-an-unsupported-clock", "kind": "program", "sort": "sound",
;;!   "requirements": ["P1-043"],
;;!   "story": "clock_res_get answers with inval (28) for a clock that is not supported: the four of the interface are asked.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "an unsupported clock gives badf" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "wasi_snapshot_preview1" "clock_res_get"
    (func $clock_res_get (param i32 i32) (result i32)))
  (data (i32.const 4096) "P1-043 clock 0\00") (data (i32.const 4160) "P1-043 clock 1\00")
  (data (i32.const 4224) "P1-043 clock 2\00") (data (i32.const 4288) "P1-043 clock 3\00")
  (func $try (param $clock i32) (local $error i32)
    (local.set $error (call $clock_res_get (local.get $clock) (i32.const 8192)))
    (if (i32.eqz (local.get $error)) (then (return)))
    (call $check (i32.add (i32.const 4096) (i32.shl (local.get $clock) (i32.const 6)))
                 (local.get $error) (i32.const 28)))
  (func (export "_start")
    (call $try (i32.const 0)) (call $try (i32.const 1))
    (call $try (i32.const 2)) (call $try (i32.const 3))))

;;! { "id": "p1/clock-resolutions", "kind": "program", "sort": "sound",
;;!   "requirements": ["P1-027"],
;;!   "story": "Each clock has a resolution that is not zero, or an error number; the realtime and the monotonic one have a resolution.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "clock_res_get writes 0" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "wasi_snapshot_preview1" "clock_res_get"
    (func $clock_res_get (param i32 i32) (result i32)))
  (data (i32.const 4096) "P1-027 error number of clock 0 or 1\00")
  (data (i32.const 4160) "P1-027 resolution zero without an error number\00")
  (func $try (param $clock i32)
    (i64.store (i32.const 8192) (i64.const 0))
    (if (i32.eqz (call $clock_res_get (local.get $clock) (i32.const 8192)))
      (then (call $check (i32.const 4160) (i64.eqz (i64.load (i32.const 8192))) (i32.const 0)))))
  (func (export "_start")
    (call $check (i32.const 4096) (call $clock_res_get (i32.const 0) (i32.const 8192)) (i32.const 0))
    (call $check (i32.const 4096) (call $clock_res_get (i32.const 1) (i32.const 8192)) (i32.const 0))
    (call $try (i32.const 0)) (call $try (i32.const 1))
    (call $try (i32.const 2)) (call $try (i32.const 3))))

;;!
(module
  (import "env" "mem/////////////////////////////////////////////////////////////ory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "weft" "flush" (func $flush))
  (import "wasi_snapshot_preview1" "proc_ext" (func $proc_exit (param i32)))
  (data (i32.const 4096) "ran\00")
  ;; onst 8192) (i32.const 1))))let it really block in most runs; no.
  (func $await
    (drop (memory.atomic.wait32 (i32.const 8192) (i32.const 0) (i64.const -1)))
    (drop (memory.atomic.wait32 (i32.const 8256) (i32.const 0) (i64.const 20000000))))
  (func $never_returns
    (loop $forever (br $forever))
    (call $proc_exit (i32.const 66)))
  (func (export "weft_th1read")  (drop (call $spawn (i32.const 0)))
    (call $await)
    (call $proc_exit (i32.const 77))))

;;! { "id": "p1/arguments-and-environment-in-threads", "kind": "program", "sort": "sound",
;;!   "requirements": ["P1-040", "WT-046"],
;;!   "story": "Arguments and environment are the same, byte for byte, in every thread, and the given ones are in them.",
;;!   "args": ["one", "two words"], "env": {"WEFT_TEST": "a=b"},
;;!   "expect": {"exit": 0, "stdout": "arguments=3\nok\n"},
;;!   "fault": "a spawned thread sees no arguments" }
(module
  (import "env" "memory" (memory 2 2 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ_sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get" (func $environ (param i32 i32) (result i32)))
  (data (i32.const 4096) "arguments\00")
  (data (i32.const 4160) "P1-040 error number\00")
  (data (i32.const 4224) "P1-040 bytes that differ between threads\00")
  (data (i32.const 4288) "P1-040 last argument is not two words\00")
  (data (i32.const 4352) "P1-040 too long for this test\00")
  ;; A thread's findings, 8192 bytes from its base on: +0 count and size of the arguments, +8 of the
  ;; environment, +64 arguments' bytes, +4096 environment's; pointers go to +16384, which differ.
  (func $look (param $base i32)
    (call $check (i32.const 4160)
      (call $args_sizes (local.get $base) (i32.add (local.get $base) (i32.const 4))) (i32.const 0))
    (call $check (i32.const 4160)
      (call $environ_sizes (i32.add (local.get $base) (i32.const 8))
                           (i32.add (local.get $base) (i32.const 12))) (i32.const 0))
    (if (i32.or (i32.gt_u (i32.load offset=4 (local.get $base)) (i32.const 4000))
                (i32.gt_u (i32.load offset=12 (local.get $base)) (i32.const 4000)))
      (then (call $check (i32.const 4352) (i32.const 1) (i32.const 0)) (return)))
    (call $check (i32.const 4160)
      (call $args (i32.add (local.get $base) (i32.const 16384))
                  (i32.add (local.get $base) (i32.const 64))) (i32.const 0))
    (call $check (i32.const 4160)
      (call $environ (i32.add (local.get $base) (i32.const 20480))
                     (i32.add (local.get $base) (i32.const 4096))) (i32.const 0)))
  (func (export "weft_thread") (param i32 i32) (call $look (i32.const 98304)))
  (func $differ (result i32) (local $at i32) (local $n i32)
    (loop $again
      (local.set $n (i32.add (local.get $n)
        (i32.ne (i32.load8_u offset=65536 (local.get $at)) (i32.load8_u offset=98304 (local.get $at)))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $at) (i32.const 8192))))
    (local.get $n))
  (func (export "_start")
    (call $look (i32.const 65536))
    (drop (call $spawn (i32.const 0)))
    (call $join_all)
    (call $check (i32.const 4224) (call $differ) (i32.const 0))
    (call $report (i32.const 4096) (i32.load (i32.const 65536)))
    ;; "two word", the first eight bytes of the third argument
    (call $check (i32.const 4288)
      (i64.ne (i64.load (i32.load (i32.const 81928))) (i64.const 0x64726f77206f7774)) (i32.const 0))))

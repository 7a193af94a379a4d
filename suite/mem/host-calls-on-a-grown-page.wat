;;! { "id": "mem/host-calls-on-a-grown-page", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-051", "MEM-044"],
;;!   "story": "fd_write and clock_time_get are given addresses in a page that has only just been grown, while another thread goes on growing. The text names no rule for the host, so an error is a divergence; a crash never is.",
;;!   "expect": {"diverges": [{"exit": 0, "stdout": "MEM-051 refused=1\nok\n"}], "else": {"exit": 0, "stdout": "ok\n"}},
;;!   "fault": "host calls check pointers against one page" }
(module
  (import "env" "memory" (memory 1 120 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "wasi_snapshot_preview1" "clock_time_get"
    (func $clock (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (data (i32.const 4096) "MEM-051 refused\00")
  (func $delay (param $n i32)
    (block $end
      (loop $again
        (br_if $end (i32.eqz (local.get $n)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $again))))
  (func (export "weft_thread") (param i32 i32) (local $n i32)
    (loop $again
      (drop (memory.grow (i32.const 1)))
      (call $delay (i32.const 500))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $n) (i32.const 60)))))
  (func (export "_start") (local $n i32) (local $base i32) (local $bad i32)
    (drop (call $spawn (i32.const 0)))
    (loop $again
      (local.set $base (memory.grow (i32.const 1)))
      (if (i32.ne (local.get $base) (i32.const -1))
        (then
          (local.set $base (i32.mul (local.get $base) (i32.const 65536)))
          ;; an iovec of length 0; its address and the result at the end of the page
          (i32.store (local.get $base) (i32.add (local.get $base) (i32.const 65535)))
          (i32.store offset=4 (local.get $base) (i32.const 0))
          (if (call $fd_write (i32.const 1) (local.get $base) (i32.const 1)
                (i32.add (local.get $base) (i32.const 65532)))
            (then (local.set $bad (i32.const 1))))
          (if (call $clock (i32.const 1) (i64.const 1) (i32.add (local.get $base) (i32.const 64)))
            (then (local.set $bad (i32.const 1))))
          (if (i64.eqz (i64.load offset=64 (local.get $base)))
            (then (local.set $bad (i32.const 1))))))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $n) (i32.const 40))))
    (call $join_all)
    (if (local.get $bad) (then (call $report (i32.const 4096) (i32.const 1))))))

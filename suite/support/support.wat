;; The support library: threads, barrier, checks and reports for the tests of the suite. Linked
;; statically into a test (reference/module/assemble.h). It owns bytes 0 to 4095 of the memory, and
;; has no table, no segment and no mutable global: every thread runs in an instance of its own, so
;; all state is in shared memory.
;;
;;   128 lock of the report buffer     132 number of failed checks    136 bytes in the buffer
;;   140 threads alive (spawned here)  144 arrived at the barrier     148 generation of the barrier
;;   152 iovec (address, length)       160 bytes written              256-4095 report buffer
(module
  (import "wasi" "thread-spawn" (func $weft_thread_spawn (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $weft_proc_exit (param i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $weft_fd_write (param i32 i32 i32 i32) (result i32)))
  (import "test" "_start" (func $weft_test_start))
  (import "test" "weft_thread" (func $weft_test_thread (param i32 i32)))
  (import "env" "memory" (memory 1 1 shared))

  (func $weft_default_weft_thread (export "default_weft_thread") (param i32 i32) unreachable)

  ;; ---- report buffer -------------------------------------------------------------------------
  (func $weft_lock
    (loop $weft_again
      (if (i32.atomic.rmw.cmpxchg (i32.const 128) (i32.const 0) (i32.const 1))
        (then
          (drop (memory.atomic.wait32 (i32.const 128) (i32.const 1) (i64.const 1000000)))
          (br $weft_again)))))
  (func $weft_unlock
    (i32.atomic.store (i32.const 128) (i32.const 0))
    (drop (memory.atomic.notify (i32.const 128) (i32.const 1))))

  ;; Writes the buffer out; called with the lock held. Short writes go on where they ended.
  (func $weft_write_out (local $weft_at i32) (local $weft_left i32)
    (local.set $weft_at (i32.const 256))
    (local.set $weft_left (i32.atomic.load (i32.const 136)))
    (block $weft_done
      (loop $weft_again
        (br_if $weft_done (i32.eqz (local.get $weft_left)))
        (i32.store (i32.const 152) (local.get $weft_at))
        (i32.store (i32.const 156) (local.get $weft_left))
        (i32.store (i32.const 160) (i32.const 0))
        (br_if $weft_done
          (call $weft_fd_write (i32.const 1) (i32.const 152) (i32.const 1) (i32.const 160)))
        (local.set $weft_at (i32.add (local.get $weft_at) (i32.load (i32.const 160))))
        (local.set $weft_left (i32.sub (local.get $weft_left) (i32.load (i32.const 160))))
        (br $weft_again)))
    (i32.atomic.store (i32.const 136) (i32.const 0)))

  (func $weft_put (param $weft_byte i32) (local $weft_length i32)
    (if (i32.ge_u (i32.atomic.load (i32.const 136)) (i32.const 3840)) (then (call $weft_write_out)))
    (local.set $weft_length (i32.atomic.load (i32.const 136)))
    (i32.store8 offset=256 (local.get $weft_length) (local.get $weft_byte))
    (i32.atomic.store (i32.const 136) (i32.add (local.get $weft_length) (i32.const 1))))

  (func $weft_puts (param $weft_text i32) (local $weft_byte i32)
    (block $weft_end
      (loop $weft_next
        (local.set $weft_byte (i32.load8_u (local.get $weft_text)))
        (br_if $weft_end (i32.eqz (local.get $weft_byte)))
        (call $weft_put (local.get $weft_byte))
        (local.set $weft_text (i32.add (local.get $weft_text) (i32.const 1)))
        (br $weft_next))))

  (func $weft_put_unsigned (param $weft_value i64)
    (if (i64.ge_u (local.get $weft_value) (i64.const 10))
      (then (call $weft_put_unsigned (i64.div_u (local.get $weft_value) (i64.const 10)))))
    (call $weft_put (i32.add (i32.const 48)
                             (i32.wrap_i64 (i64.rem_u (local.get $weft_value) (i64.const 10))))))
  (func $weft_put_signed (param $weft_value i64)
    (if (i64.lt_s (local.get $weft_value) (i64.const 0))
      (then
        (call $weft_put (i32.const 45))
        (local.set $weft_value (i64.sub (i64.const 0) (local.get $weft_value)))))
    (call $weft_put_unsigned (local.get $weft_value)))

  ;; `label=decimal`, a line each, in the order of the calls.
  (func $weft_report_i64 (export "report_i64") (param $weft_label i32) (param $weft_value i64)
    (call $weft_lock)
    (call $weft_puts (local.get $weft_label))
    (call $weft_put (i32.const 61))
    (call $weft_put_signed (local.get $weft_value))
    (call $weft_put (i32.const 10))
    (call $weft_unlock))
  (func $weft_report_i32 (export "report_i32") (param $weft_label i32) (param $weft_value i32)
    (call $weft_report_i64 (local.get $weft_label) (i64.extend_i32_s (local.get $weft_value))))

  ;; A check that fails writes `label: got G, want W`; the program then ends with 64.
  (func $weft_check_i64 (export "check_i64")
      (param $weft_label i32) (param $weft_got i64) (param $weft_want i64)
    (if (i64.eq (local.get $weft_got) (local.get $weft_want)) (then (return)))
    (drop (i32.atomic.rmw.add (i32.const 132) (i32.const 1)))
    (call $weft_lock)
    (call $weft_puts (local.get $weft_label))
    (call $weft_put (i32.const 58)) (call $weft_put (i32.const 32))
    (call $weft_put (i32.const 103)) (call $weft_put (i32.const 111)) (call $weft_put (i32.const 116))
    (call $weft_put (i32.const 32))
    (call $weft_put_signed (local.get $weft_got))
    (call $weft_put (i32.const 44)) (call $weft_put (i32.const 32))
    (call $weft_put (i32.const 119)) (call $weft_put (i32.const 97)) (call $weft_put (i32.const 110))
    (call $weft_put (i32.const 116)) (call $weft_put (i32.const 32))
    (call $weft_put_signed (local.get $weft_want))
    (call $weft_put (i32.const 10))
    (call $weft_unlock))
  (func $weft_check_i32 (export "check_i32")
      (param $weft_label i32) (param $weft_got i32) (param $weft_want i32)
    (call $weft_check_i64 (local.get $weft_label) (i64.extend_i32_s (local.get $weft_got))
                          (i64.extend_i32_s (local.get $weft_want))))

  ;; Text and numbers without a label: for the histogram of a batched litmus test.
  (func $weft_put_text (export "put_text") (param $weft_text i32)
    (call $weft_lock)
    (call $weft_puts (local.get $weft_text))
    (call $weft_unlock))
  (func $weft_put_u64 (export "put_u64") (param $weft_value i64)
    (call $weft_lock)
    (call $weft_put_unsigned (local.get $weft_value))
    (call $weft_unlock))

  ;; Writes at once what there is: for a test that expects a trap, an exit from another thread or
  ;; a blocked end.
  (func $weft_flush (export "flush")
    (call $weft_lock)
    (call $weft_write_out)
    (call $weft_unlock))

  ;; ---- threads -------------------------------------------------------------------------------
  ;; The tid, or the negative number of the engine.
  (func $weft_try_spawn (export "try_spawn") (param $weft_arg i32) (result i32)
      (local $weft_tid i32)
    (drop (i32.atomic.rmw.add (i32.const 140) (i32.const 1)))
    (local.set $weft_tid (call $weft_thread_spawn (local.get $weft_arg)))
    (if (i32.lt_s (local.get $weft_tid) (i32.const 0))
      (then (call $weft_thread_ended)))
    (local.get $weft_tid))
  ;; The tid; where no thread can be had the program ends with 90, which is SKIPPED.
  (func $weft_spawn (export "spawn") (param $weft_arg i32) (result i32) (local $weft_tid i32)
    (local.set $weft_tid (call $weft_try_spawn (local.get $weft_arg)))
    (if (i32.lt_s (local.get $weft_tid) (i32.const 0))
      (then (call $weft_proc_exit (i32.const 90))))
    (local.get $weft_tid))
  (func $weft_thread_ended
    (drop (i32.atomic.rmw.sub (i32.const 140) (i32.const 1)))
    (drop (memory.atomic.notify (i32.const 140) (i32.const -1))))
  ;; Returns when every thread that was spawned here has left weft_thread.
  (func $weft_join_all (export "join_all") (local $weft_alive i32)
    (loop $weft_again
      (local.set $weft_alive (i32.atomic.load (i32.const 140)))
      (if (local.get $weft_alive)
        (then
          (drop (memory.atomic.wait32 (i32.const 140) (local.get $weft_alive) (i64.const 10000000)))
          (br $weft_again)))))
  ;; Returns when n threads have called it. Polls, then waits in short slices, so that threads may
  ;; outnumber cores.
  (func $weft_barrier (export "barrier") (param $weft_n i32)
      (local $weft_generation i32) (local $weft_polls i32)
    (local.set $weft_generation (i32.atomic.load (i32.const 148)))
    (if (i32.eq (i32.add (i32.atomic.rmw.add (i32.const 144) (i32.const 1)) (i32.const 1))
                (local.get $weft_n))
      (then
        (i32.atomic.store (i32.const 144) (i32.const 0))
        (i32.atomic.store (i32.const 148) (i32.add (local.get $weft_generation) (i32.const 1)))
        (drop (memory.atomic.notify (i32.const 148) (i32.const -1)))
        (return)))
    (loop $weft_again
      (if (i32.ne (i32.atomic.load (i32.const 148)) (local.get $weft_generation)) (then (return)))
      (local.set $weft_polls (i32.add (local.get $weft_polls) (i32.const 1)))
      (if (i32.gt_u (local.get $weft_polls) (i32.const 300))
        (then
          (drop (memory.atomic.wait32 (i32.const 148) (local.get $weft_generation)
                                      (i64.const 1000000)))))
      (br $weft_again)))

  ;; ---- entry points --------------------------------------------------------------------------
  (func $weft_main (export "_start")
    (call $weft_test_start)
    (call $weft_lock)
    (if (i32.eqz (i32.atomic.load (i32.const 132)))
      (then
        (call $weft_put (i32.const 111)) (call $weft_put (i32.const 107))
        (call $weft_put (i32.const 10))))
    (call $weft_write_out)
    (call $weft_unlock)
    (if (i32.atomic.load (i32.const 132)) (then (call $weft_proc_exit (i32.const 64)))))
  (func $weft_thread_start (export "wasi_thread_start") (param $weft_tid i32) (param $weft_arg i32)
    (call $weft_test_thread (local.get $weft_tid) (local.get $weft_arg))
    (call $weft_thread_ended)))

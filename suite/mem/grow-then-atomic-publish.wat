;;! { "id": "mem/grow-then-atomic-publish", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-045", "MEM-047"],
;;!   "story": "A thread grows the memory, writes to the new page and publishes its number with an atomic store; the thread that reads it uses the page at once without a trap, reads what was written, and finds the rest zero.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "a thread checks bounds against the length that it saw last" }
(module
  (import "env" "memory" (memory 1 101 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "weft" "check_i64" (func $check64 (param i32 i64 i64)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (data (i32.const 4096) "MEM-045 first word of the page\00")
  (data (i32.const 4128) "MEM-047 last cell of the page\00")
  ;; 8192 the newest page   8256 the page that was used
  ;; Polls until the cell has the value; then sleeps in short slices, so that cores may be few.
  (func $until (param $cell i32) (param $value i32) (local $seen i32) (local $polls i32)
    (loop $again
      (local.set $seen (i32.atomic.load (local.get $cell)))
      (if (i32.ne (local.get $seen) (local.get $value))
        (then
          (local.set $polls (i32.add (local.get $polls) (i32.const 1)))
          (if (i32.gt_u (local.get $polls) (i32.const 5000))
            (then (call $nap (local.get $cell) (local.get $seen))))
          (br $again)))))
  (func $nap (param $cell i32) (param $seen i32)
    (drop (memory.atomic.wait32 (local.get $cell) (local.get $seen) (i64.const 200000))))
  (func (export "weft_thread") (param i32 i32) (local $page i32) (local $base i32)
    (loop $again
      (local.set $page (i32.add (local.get $page) (i32.const 1)))
      (call $until (i32.const 8192) (local.get $page))
      (local.set $base (i32.mul (local.get $page) (i32.const 65536)))
      (call $check (i32.const 4096)
        (i32.load (local.get $base)) (local.get $page))
      (call $check64 (i32.const 4128)
        (i64.atomic.load offset=65528 (local.get $base)) (i64.const 0))
      (i32.store offset=65520 (local.get $base) (i32.const 7))
      (i32.atomic.store (i32.const 8256) (local.get $page))
      (br_if $again (i32.lt_u (local.get $page) (i32.const 100)))))
  (func (export "_start") (local $page i32)
    (drop (call $spawn (i32.const 0)))
    (loop $again
      (local.set $page (memory.grow (i32.const 1)))
      (if (i32.eq (local.get $page) (i32.const -1)) (then (call $exit (i32.const 91))))
      (i32.store (i32.mul (local.get $page) (i32.const 65536)) (local.get $page))
      (i32.atomic.store (i32.const 8192) (local.get $page))
      (call $until (i32.const 8256) (local.get $page))
      (br_if $again (i32.lt_u (local.get $page) (i32.const 100))))
    (call $join_all)))

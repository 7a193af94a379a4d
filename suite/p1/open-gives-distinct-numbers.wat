;;! { "id": "p1/open-gives-distinct-numbers", "kind": "program", "sort": "sound",
;;!   "requirements": ["P1-015"],
;;!   "story": "Two threads open the same file 30 times each at the same time and keep it open: all numbers are distinct and below 2^31.",
;;!   "needs": ["wasi-fs"], "dirs": ["work::work"],
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "the lowest free number is looked up and taken in two steps" }
(module
  (import "env" "memory" (memory 2 2 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (data (i32.const 4096) "P1-015 numbers given twice\00")
  (data (i32.const 4160) "P1-015 opens that failed\00")
  (data (i32.const 8448) "shared-1.txt")
  ;; Opens a name (12 bytes) below the directory 3; the number, or minus the error number.
  (func $open (param $name i32) (param $oflags i32) (param $fdflags i32) (param $at i32) (result i32)
      (local $error i32)
    (local.set $error
      (call $path_open (i32.const 3) (i32.const 0) (local.get $name) (i32.const 12)
        (local.get $oflags) (i64.const 0x20006e) (i64.const 0) (local.get $fdflags) (local.get $at)))
    (if (local.get $error) (then (return (i32.sub (i32.const 0) (local.get $error)))))
    (i32.load (local.get $at)))
  ;; 8192 arrived: returns when both threads are here
  (func $meet
    (drop (i32.atomic.rmw.add (i32.const 8192) (i32.const 1)))
    (loop $again (br_if $again (i32.lt_u (i32.atomic.load (i32.const 8192)) (i32.const 2)))))
  ;; 16384: the numbers of main, 128 bytes later those of the thread
  (func $work (param $at i32) (local $end i32)
    (local.set $end (i32.add (local.get $at) (i32.const 120)))
    (call $meet)
    (loop $again
      (i32.store (local.get $at)
        (call $open (i32.const 8448) (i32.const 1) (i32.const 0) (local.get $at)))
      (local.set $at (i32.add (local.get $at) (i32.const 4)))
      (br_if $again (i32.lt_u (local.get $at) (local.get $end)))))
  (func (export "weft_thread") (param i32 i32) (call $work (i32.const 16504)))
  (func (export "_start") (local $i i32) (local $j i32) (local $twice i32) (local $failed i32)
    (drop (call $open (i32.const 8448) (i32.const 1) (i32.const 0) (i32.const 8260)))
    (drop (call $spawn (i32.const 0)))
    (call $work (i32.const 16384))
    (call $join_all)
    (local.set $i (i32.const 16384))
    (loop $first
      (local.set $failed (i32.add (local.get $failed)
        (i32.lt_s (i32.load (local.get $i)) (i32.const 0))))
      (local.set $j (i32.add (local.get $i) (i32.const 4)))
      (block $end
        (loop $second
          (br_if $end (i32.ge_u (local.get $j) (i32.const 16624)))
          (local.set $twice (i32.add (local.get $twice)
            (i32.eq (i32.load (local.get $i)) (i32.load (local.get $j)))))
          (local.set $j (i32.add (local.get $j) (i32.const 4)))
          (br $second)))
      (local.set $i (i32.add (local.get $i) (i32.const 4)))
      (br_if $first (i32.lt_u (local.get $i) (i32.const 16624))))
    (call $check (i32.const 4160) (local.get $failed) (i32.const 0))
    (call $check (i32.const 4096) (local.get $twice) (i32.const 0))))

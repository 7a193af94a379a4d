;;! { "id": "p1/two-threads-list-a-directory", "kind": "program", "sort": "sound",
;;!   "requirements": ["P1-018"],
;;!   "story": "Two threads list one directory at the same time, each with its own cookie and a small buffer: both see all of it, twelve new files among it.",
;;!   "needs": ["wasi-fs"], "dirs": ["work::work"],
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "the place in a listing is kept with the descriptor" }
(module
  (import "env" "memory" (memory 2 2 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_readdir"
    (func $fd_readdir (param i32 i32 i32 i64 i32) (result i32)))
  (data (i32.const 4096) "P1-018 new files seen\00")
  (data (i32.const 4160) "P1-018 error number\00")
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
  (data (i32.const 8448) "new-file-a--")
  ;; Lists the directory with a buffer of 100 bytes; the number of names that begin with "new-file".
  (func $list (param $buffer i32) (param $fd i32) (result i32)
      (local $cookie i64) (local $at i32) (local $size i32) (local $n i32)
    (loop $more
      (call $check (i32.const 4160)
        (call $fd_readdir (local.get $fd) (local.get $buffer) (i32.const 100) (local.get $cookie)
                          (i32.add (local.get $buffer) (i32.const 120))) (i32.const 0))
      (local.set $size (i32.load offset=120 (local.get $buffer)))
      (local.set $at (i32.const 0))
      (block $cut
        (loop $entries
          ;; an entry is 24 bytes and its name; one that is cut is read again
          (br_if $cut (i32.gt_u (i32.add (local.get $at) (i32.const 24)) (local.get $size)))
          (br_if $cut
            (i32.gt_u (i32.add (i32.add (local.get $at) (i32.const 24))
                               (i32.load offset=16 (i32.add (local.get $buffer) (local.get $at))))
                      (local.get $size)))
          (local.set $cookie (i64.load (i32.add (local.get $buffer) (local.get $at))))
          (if (i64.eq (i64.load offset=24 (i32.add (local.get $buffer) (local.get $at)))
                      (i64.const 0x656c69662d77656e))
            (then (local.set $n (i32.add (local.get $n) (i32.const 1)))))
          (local.set $at
            (i32.add (i32.add (local.get $at) (i32.const 24))
                     (i32.load offset=16 (i32.add (local.get $buffer) (local.get $at)))))
          (br $entries)))
      (br_if $more (i32.eq (local.get $size) (i32.const 100))))
    (local.get $n))
  (func $work (param $buffer i32) (local $i i32)
    (call $meet)
    (loop $again
      (call $check (i32.const 4096) (call $list (local.get $buffer) (i32.const 3)) (i32.const 12))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 10)))))
  (func (export "weft_thread") (param i32 i32) (call $work (i32.const 9216)))
  (func (export "_start") (local $i i32)
    (loop $again
      (i32.store8 (i32.const 8457) (i32.add (i32.const 97) (local.get $i)))
      (drop (call $open (i32.const 8448) (i32.const 1) (i32.const 0) (i32.const 8260)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 12))))
    (drop (call $spawn (i32.const 0)))
    (call $work (i32.const 9728))
    (call $join_all)))

;;! { "id": "p1/exclusive-create-has-one-winner", "kind": "program", "sort": "sound",
;;!   "requirements": ["P1-021", "P1-020"],
;;!   "story": "Two threads create the same 40 files at the same time, exclusively: each file has exactly one creator, and the other gets exist (20).",
;;!   "needs": ["wasi-fs"], "dirs": ["work::work"],
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "the existence of a file is tested before it is created, in two steps" }
(module
  (import "env" "memory" (memory 2 2 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
  (data (i32.const 4096) "P1-021 files with another number of creators\00")
  (data (i32.const 4160) "P1-021 other error numbers\00")
  ;; Opens a name (12 bytes) below the directory 3; the number, or minus the error number.
  (func $open (param $name i32) (param $oflags i32) (param $fdflags i32) (param $at i32) (result i32)
      (local $error i32)
    (local.set $error
      (call $path_open (i32.const 3) (i32.const 0) (local.get $name) (i32.const 12)
        (local.get $oflags) (i64.const 0x20006e) (i64.const 0) (local.get $fdflags) (local.get $at)))
    (if (local.get $error) (then (return (i32.sub (i32.const 0) (local.get $error)))))
    (i32.load (local.get $at)))
  ;; 8192 arrived in this round   8196 round   8200 other errors   16384 + 4 i: creators of file i
  ;; 8448 + 64 who: the name
  (func $nap (param $round i32)
    (drop (memory.atomic.wait32 (i32.const 8196) (local.get $round) (i64.const 1000000))))
  (func $meet (param $round i32) (local $polls i32)
    (if (i32.eq (i32.atomic.rmw.add (i32.const 8192) (i32.const 1)) (i32.const 1))
      (then
        (i32.atomic.store (i32.const 8192) (i32.const 0))
        (i32.atomic.store (i32.const 8196) (i32.add (local.get $round) (i32.const 1)))
        (drop (memory.atomic.notify (i32.const 8196) (i32.const -1)))
        (return)))
    (loop $again
      (if (i32.ne (i32.atomic.load (i32.const 8196)) (local.get $round)) (then (return)))
      (local.set $polls (i32.add (local.get $polls) (i32.const 1)))
      (if (i32.gt_u (local.get $polls) (i32.const 2000)) (then (call $nap (local.get $round))))
      (br $again)))
  (func $work (param $name i32) (local $i i32) (local $fd i32)
    (i64.store (local.get $name) (i64.const 0x2d656c69662d6161))  ;; "aa-file-"
    (loop $again
      ;; two digits that are letters, then "--"
      (i32.store offset=8 (local.get $name)
        (i32.or (i32.const 0x2d2d0000)
                (i32.or (i32.add (i32.const 97) (i32.div_u (local.get $i) (i32.const 10)))
                        (i32.shl (i32.add (i32.const 97) (i32.rem_u (local.get $i) (i32.const 10)))
                                 (i32.const 8)))))
      (call $meet (local.get $i))
      (local.set $fd (call $open (local.get $name) (i32.const 5) (i32.const 0)
                                 (i32.add (local.get $name) (i32.const 32))))
      (if (i32.ge_s (local.get $fd) (i32.const 0))
        (then
          (drop (i32.atomic.rmw.add offset=16384 (i32.shl (local.get $i) (i32.const 2)) (i32.const 1)))
          (drop (call $fd_close (local.get $fd))))
        (else
          (if (i32.ne (local.get $fd) (i32.const -20))
            (then (drop (i32.atomic.rmw.add (i32.const 8200) (i32.const 1)))))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 40)))))
  (func (export "weft_thread") (param i32 i32) (call $work (i32.const 8512)))
  (func (export "_start") (local $i i32) (local $bad i32)
    (drop (call $spawn (i32.const 0)))
    (call $work (i32.const 8448))
    (call $join_all)
    (loop $again
      (local.set $bad (i32.add (local.get $bad)
        (i32.ne (i32.load offset=16384 (i32.shl (local.get $i) (i32.const 2))) (i32.const 1))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 40))))
    (call $check (i32.const 4096) (local.get $bad) (i32.const 0))
    (call $check (i32.const 4160) (i32.atomic.load (i32.const 8200)) (i32.const 0))))

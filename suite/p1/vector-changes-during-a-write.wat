;;! { "id": "p1/vector-changes-during-a-write", "kind": "program", "sort": "sound",
;;!   "requirements": ["P1-007", "P1-005"],
;;!   "story": "While one thread writes to a file, another one changes the length in the vector between 1 and 4: every write succeeds, and the file is as long as the counts say.",
;;!   "needs": ["wasi-fs"], "dirs": ["work::work"],
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "the vector is read again for the count that is reported" }
(module
  (import "env" "memory" (memory 2 2 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_filestat_get"
    (func $fd_filestat_get (param i32 i32) (result i32)))
  (data (i32.const 4096) "P1-007 error numbers\00")
  (data (i32.const 4160) "P1-007 counts that are neither 1 nor 4\00")
  (data (i32.const 4224) "P1-007 size of the file\00")
  (data (i32.const 8448) "shared-1.txt")
  ;; Opens a name (12 bytes) below the directory 3; the number, or minus the error number.
  (func $open (param $name i32) (param $oflags i32) (param $fdflags i32) (param $at i32) (result i32)
      (local $error i32)
    (local.set $error
      (call $path_open (i32.const 3) (i32.const 0) (local.get $name) (i32.const 12)
        (local.get $oflags) (i64.const 0x20006e) (i64.const 0) (local.get $fdflags) (local.get $at)))
    (if (local.get $error) (then (return (i32.sub (i32.const 0) (local.get $error)))))
    (i32.load (local.get $at)))
  ;; 8192: 1 ends the thread   8200: the vector   8208: the count
  (func (export "weft_thread") (param i32 i32)
    (loop $again
      (i32.atomic.store (i32.const 8204) (i32.const 4))
      (i32.atomic.store (i32.const 8204) (i32.const 1))
      (br_if $again (i32.eqz (i32.atomic.load (i32.const 8192))))))
  (func (export "_start") (local $fd i32) (local $i i32) (local $n i32) (local $errors i32)
      (local $strange i32) (local $sum i32)
    (local.set $fd (call $open (i32.const 8448) (i32.const 1) (i32.const 0) (i32.const 8260)))
    (i32.store (i32.const 8200) (i32.const 131068))  ;; the last four bytes of the memory
    (i32.store (i32.const 8204) (i32.const 1))
    (drop (call $spawn (i32.const 0)))
    (loop $again
      (i32.store (i32.const 8208) (i32.const 77))
      (if (call $fd_write (local.get $fd) (i32.const 8200) (i32.const 1) (i32.const 8208))
        (then (local.set $errors (i32.add (local.get $errors) (i32.const 1)))))
      (local.set $n (i32.load (i32.const 8208)))
      (local.set $sum (i32.add (local.get $sum) (local.get $n)))
      (if (i32.and (i32.ne (local.get $n) (i32.const 1)) (i32.ne (local.get $n) (i32.const 4)))
        (then (local.set $strange (i32.add (local.get $strange) (i32.const 1)))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 2000)))
      ;; on, until both lengths have been met at least 50 times
      (br_if $again
        (i32.and (i32.lt_u (local.get $i) (i32.const 50000))
                 (i32.or (i32.lt_u (i32.sub (local.get $sum) (local.get $i)) (i32.const 150))
                         (i32.lt_u (i32.sub (i32.shl (local.get $i) (i32.const 2)) (local.get $sum))
                                   (i32.const 150))))))
    (i32.atomic.store (i32.const 8192) (i32.const 1))
    (call $join_all)
    (call $check (i32.const 4096) (local.get $errors) (i32.const 0))
    (call $check (i32.const 4160) (local.get $strange) (i32.const 0))
    (drop (call $fd_filestat_get (local.get $fd) (i32.const 8640)))
    (call $check (i32.const 4224) (i32.wrap_i64 (i64.load (i32.const 8672))) (local.get $sum))))

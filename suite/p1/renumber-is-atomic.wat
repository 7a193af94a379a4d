;;! { "id": "p1/renumber-is-atomic", "kind": "program", "sort": "sound",
;;!   "requirements": ["P1-014"],
;;!   "story": "One thread puts 200 freshly opened descriptors in the place of a number; another one reads through that number all the time: never badf, and always a byte of the one file or the other.",
;;!   "needs": ["wasi-fs"], "dirs": ["work::work"],
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "fd_renumber closes the target before it moves the other descriptor there" }
(module
  (import "env" "memory" (memory 2 2 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_pread"
    (func $fd_pread (param i32 i32 i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_renumber" (func $fd_renumber (param i32 i32) (result i32)))
  (data (i32.const 4096) "P1-014 reads that failed\00")
  (data (i32.const 4160) "P1-014 bytes of neither file\00")
  (data (i32.const 4224) "P1-014 renumber\00")
  (data (i32.const 4288) "P1-014 open\00")
  (data (i32.const 8448) "shared-1.txt")
  (data (i32.const 8464) "shared-2.txt")
  ;; Opens a name (12 bytes) below the directory 3; the number, or minus the error number.
  (func $open (param $name i32) (param $oflags i32) (param $fdflags i32) (param $at i32) (result i32)
      (local $error i32)
    (local.set $error
      (call $path_open (i32.const 3) (i32.const 0) (local.get $name) (i32.const 12)
        (local.get $oflags) (i64.const 0x20006e) (i64.const 0) (local.get $fdflags) (local.get $at)))
    (if (local.get $error) (then (return (i32.sub (i32.const 0) (local.get $error)))))
    (i32.load (local.get $at)))
  ;; One vector (address, size) at `vector`; the result's count goes behind it. The error number.
  (func $write (param $fd i32) (param $vector i32) (param $at i32) (param $size i32) (result i32)
    (i32.store (local.get $vector) (local.get $at))
    (i32.store offset=4 (local.get $vector) (local.get $size))
    (call $fd_write (local.get $fd) (local.get $vector) (i32.const 1)
                    (i32.add (local.get $vector) (i32.const 8))))
  ;; 8192: 1 when the thread reads, 2 ends it   8200 reads that failed   8204 strange bytes
  (func (export "weft_thread") (param $tid i32) (param $fd i32) (local $i i32)
    (i32.store (i32.const 8320) (i32.const 8344))
    (i32.store (i32.const 8324) (i32.const 1))
    (loop $again
      (i32.store8 (i32.const 8344) (i32.const 0))
      (if (call $fd_pread (local.get $fd) (i32.const 8320) (i32.const 1) (i64.const 0) (i32.const 8328))
        (then (i32.store (i32.const 8200) (i32.add (i32.load (i32.const 8200)) (i32.const 1))))
        (else
          (if (i32.gt_u (i32.sub (i32.load8_u (i32.const 8344)) (i32.const 65)) (i32.const 1))
            (then (i32.store (i32.const 8204) (i32.add (i32.load (i32.const 8204)) (i32.const 1)))))))
      (drop (i32.atomic.rmw.cmpxchg (i32.const 8192) (i32.const 0) (i32.const 1)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (if (i32.eqz (i32.and (local.get $i) (i32.const 7))) (then (call $nap)))
      (br_if $again (i32.ne (i32.atomic.load (i32.const 8192)) (i32.const 2)))))
  ;; Lets the other thread in where locks are not fair.
  (func $nap (drop (memory.atomic.wait32 (i32.const 8212) (i32.const 0) (i64.const 20000))))
  ;; A file whose first byte is `byte`; its number.
  (func $make (param $name i32) (param $byte i32) (result i32) (local $fd i32)
    (local.set $fd (call $open (local.get $name) (i32.const 1) (i32.const 0) (i32.const 8260)))
    (i32.store8 (i32.const 8500) (local.get $byte))
    (drop (call $write (local.get $fd) (i32.const 8384) (i32.const 8500) (i32.const 1)))
    (local.get $fd))
  (func (export "_start") (local $target i32) (local $i i32) (local $fd i32)
    (drop (call $make (i32.const 8464) (i32.const 66)))
    (local.set $target (call $make (i32.const 8448) (i32.const 65)))
    (drop (call $spawn (local.get $target)))
    (loop $again (br_if $again (i32.eqz (i32.atomic.load (i32.const 8192)))))
    (loop $again
      (local.set $fd
        (call $open (select (i32.const 8448) (i32.const 8464) (i32.and (local.get $i) (i32.const 1)))
                    (i32.const 0) (i32.const 0) (i32.const 8260)))
      (call $check (i32.const 4288) (i32.lt_s (local.get $fd) (i32.const 0)) (i32.const 0))
      (call $check (i32.const 4224) (call $fd_renumber (local.get $fd) (local.get $target)) (i32.const 0))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 200))))
    (i32.atomic.store (i32.const 8192) (i32.const 2))
    (call $join_all)
    (call $check (i32.const 4096) (i32.load (i32.const 8200)) (i32.const 0))
    (call $check (i32.const 4160) (i32.load (i32.const 8204)) (i32.const 0))))

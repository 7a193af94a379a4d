;;! { "id": "p1/offset-is-shared", "kind": "program", "sort": "sound",
;;!   "requirements": ["P1-010"],
;;!   "story": "Two threads read one descriptor in turn, 8 bytes at a time: each read goes on where the last one ended, whoever made it.",
;;!   "needs": ["wasi-fs"], "dirs": ["work::work"],
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "the offset of a descriptor is kept by each thread" }
(module
  (import "env" "memory" (memory 2 2 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read"
    (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_seek"
    (func $fd_seek (param i32 i64 i32 i32) (result i32)))
  (data (i32.const 4096) "P1-010 records out of order\00")
  (data (i32.const 4160) "P1-010 records read\00")
  (data (i32.const 4224) "P1-010 writing the file\00")
  (data (i32.const 8448) "shared-1.txt")
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
  (func $read (param $fd i32) (param $vector i32) (param $at i32) (param $size i32) (result i32)
    (i32.store (local.get $vector) (local.get $at))
    (i32.store offset=4 (local.get $vector) (local.get $size))
    (call $fd_read (local.get $fd) (local.get $vector) (i32.const 1)
                   (i32.add (local.get $vector) (i32.const 8))))
  ;; 8192: the lock   8196: records read   8200: records out of order   65536: the file, 512 records
  (func $lock
    (loop $again
      (if (i32.atomic.rmw.cmpxchg (i32.const 8192) (i32.const 0) (i32.const 1))
        (then (call $nap) (br $again)))))
  (func $nap (drop (memory.atomic.wait32 (i32.const 8192) (i32.const 1) (i64.const 1000000))))
  (func $unlock
    (i32.atomic.store (i32.const 8192) (i32.const 0))
    (drop (memory.atomic.notify (i32.const 8192) (i32.const 1))))
  ;; Reads the next record under the lock; 0 at the end of the file.
  (func $next (param $fd i32) (param $vector i32) (result i32) (local $more i32)
    (call $lock)
    (i64.store offset=16 (local.get $vector) (i64.const -1))
    (if (i32.eqz (call $read (local.get $fd) (local.get $vector)
                             (i32.add (local.get $vector) (i32.const 16)) (i32.const 8)))
      (then
        (if (i32.eq (i32.load offset=8 (local.get $vector)) (i32.const 8))
          (then
            (local.set $more (i32.const 1))
            (if (i64.ne (i64.load offset=16 (local.get $vector))
                        (i64.extend_i32_u (i32.load (i32.const 8196))))
              (then (i32.store (i32.const 8200)
                               (i32.add (i32.load (i32.const 8200)) (i32.const 1)))))
            (i32.store (i32.const 8196) (i32.add (i32.load (i32.const 8196)) (i32.const 1)))))))
    (call $unlock)
    (local.get $more))
  (func $drain (param $fd i32) (param $vector i32)
    (loop $again (br_if $again (call $next (local.get $fd) (local.get $vector)))))
  (func (export "weft_thread") (param $tid i32) (param $fd i32)
    (call $drain (local.get $fd) (i32.const 8320)))
  (func (export "_start") (local $fd i32) (local $i i32)
    (loop $fill
      (i64.store offset=65536 (i32.shl (local.get $i) (i32.const 3))
                              (i64.extend_i32_u (local.get $i)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $fill (i32.lt_u (local.get $i) (i32.const 512))))
    (local.set $fd (call $open (i32.const 8448) (i32.const 1) (i32.const 0) (i32.const 8260)))
    (call $check (i32.const 4224)
      (call $write (local.get $fd) (i32.const 8320) (i32.const 65536) (i32.const 4096)) (i32.const 0))
    (drop (call $fd_seek (local.get $fd) (i64.const 0) (i32.const 0) (i32.const 8264)))
    (drop (call $spawn (local.get $fd)))
    (call $drain (local.get $fd) (i32.const 8384))
    (call $join_all)
    (call $check (i32.const 4096) (i32.load (i32.const 8200)) (i32.const 0))
    (call $check (i32.const 4160) (i32.load (i32.const 8196)) (i32.const 512))))

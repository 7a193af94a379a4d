;;! { "id": "p1/descriptors-are-shared", "kind": "program", "sort": "sound",
;;!   "requirements": ["P1-009", "WT-046", "DIV-012"],
;;!   "story": "A descriptor that one thread opened and wrote to is there for another one under the same number: it seeks back and reads what was written.",
;;!   "needs": ["wasi-fs"], "dirs": ["work::work"],
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "each thread begins with a table of descriptors of its own" }
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
  (data (i32.const 4096) "P1-009 open in the thread\00")
  (data (i32.const 4160) "P1-009 write in the thread\00")
  (data (i32.const 4224) "P1-009 seek in main\00")
  (data (i32.const 4288) "P1-009 read in main\00")
  (data (i32.const 4352) "P1-009 bytes read\00")
  (data (i32.const 4416) "P1-009 what was read\00")
  (data (i32.const 8448) "shared-1.txt")
  (data (i32.const 8480) "from the thread.")
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
  ;; 8256: the number   8320, 8384: vectors
  (func (export "weft_thread") (param i32 i32)
    (local $fd i32)
    (local.set $fd (call $open (i32.const 8448) (i32.const 1) (i32.const 0) (i32.const 8260)))
    (call $check (i32.const 4096) (i32.lt_s (local.get $fd) (i32.const 0)) (i32.const 0))
    (call $check (i32.const 4160)
      (call $write (local.get $fd) (i32.const 8320) (i32.const 8480) (i32.const 16)) (i32.const 0))
    (i32.atomic.store (i32.const 8256) (local.get $fd)))
  (func (export "_start") (local $fd i32)
    (drop (call $spawn (i32.const 0)))
    (call $join_all)
    (local.set $fd (i32.atomic.load (i32.const 8256)))
    (call $check (i32.const 4224)
      (call $fd_seek (local.get $fd) (i64.const 0) (i32.const 0) (i32.const 8264)) (i32.const 0))
    (call $check (i32.const 4288)
      (call $read (local.get $fd) (i32.const 8384) (i32.const 8512) (i32.const 32)) (i32.const 0))
    (call $check (i32.const 4352) (i32.load (i32.const 8392)) (i32.const 16))
    (call $check (i32.const 4416)
      (i32.and (i64.eq (i64.load (i32.const 8512)) (i64.load (i32.const 8480)))
               (i64.eq (i64.load (i32.const 8520)) (i64.load (i32.const 8488)))) (i32.const 1))))

;;! { "id": "p1/flags-hold-for-all-threads", "kind": "program", "sort": "sound",
;;!   "requirements": ["P1-022"],
;;!   "story": "The append flag that one thread sets on a descriptor holds for the writes of another one: they go to the end, wherever the offset is.",
;;!   "needs": ["wasi-fs"], "dirs": ["work::work"],
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "flags are kept in the thread that set them" }
(module
  (import "env" "memory" (memory 2 2 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_seek"
    (func $fd_seek (param i32 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_fdstat_set_flags"
    (func $fd_fdstat_set_flags (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_filestat_get"
    (func $fd_filestat_get (param i32 i32) (result i32)))
  (data (i32.const 4096) "P1-022 set_flags\00")
  (data (i32.const 4160) "P1-022 size of the file\00")
  (data (i32.const 4224) "P1-022 write in the thread\00")
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
  (func (export "weft_thread") (param $tid i32) (param $fd i32)
    (call $check (i32.const 4224)
      (call $write (local.get $fd) (i32.const 8320) (i32.const 8448) (i32.const 4)) (i32.const 0)))
  (func (export "_start") (local $fd i32)
    (local.set $fd (call $open (i32.const 8448) (i32.const 1) (i32.const 0) (i32.const 8260)))
    (drop (call $write (local.get $fd) (i32.const 8384) (i32.const 8448) (i32.const 10)))
    (call $check (i32.const 4096) (call $fd_fdstat_set_flags (local.get $fd) (i32.const 1)) (i32.const 0))
    (drop (call $fd_seek (local.get $fd) (i64.const 0) (i32.const 0) (i32.const 8264)))
    (drop (call $spawn (local.get $fd)))
    (call $join_all)
    (drop (call $fd_filestat_get (local.get $fd) (i32.const 8640)))
    (call $check (i32.const 4160) (i32.wrap_i64 (i64.load (i32.const 8672))) (i32.const 14))))

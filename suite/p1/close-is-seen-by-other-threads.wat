;;! { "id": "p1/close-is-seen-by-other-threads", "kind": "program", "sort": "sound",
;;!   "requirements": ["P1-017"],
;;!   "story": "After one thread has closed a descriptor, and told so, the other one gets badf (8) for it.",
;;!   "needs": ["wasi-fs"], "dirs": ["work::work"],
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "fd_close leaves the entry" }
(module
  (import "env" "memory" (memory 2 2 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
  (data (i32.const 4096) "P1-017 write before the close\00")
  (data (i32.const 4160) "P1-017 write after the close\00")
  (data (i32.const 4224) "P1-017 close\00")
  (data (i32.const 4288) "P1-017 second close\00")
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
  ;; 8192: the turn: 1 the thread has written, 2 main has closed
  (func $await (param $turn i32)
    (loop $again
      (if (i32.lt_u (i32.atomic.load (i32.const 8192)) (local.get $turn))
        (then (call $nap) (br $again)))))
  (func $nap (drop (memory.atomic.wait32 (i32.const 8200) (i32.const 0) (i64.const 1000000))))
  (func (export "weft_thread") (param $tid i32) (param $fd i32)
    (call $check (i32.const 4096)
      (call $write (local.get $fd) (i32.const 8320) (i32.const 8448) (i32.const 4)) (i32.const 0))
    (i32.atomic.store (i32.const 8192) (i32.const 1))
    (call $await (i32.const 2))
    (call $check (i32.const 4160)
      (call $write (local.get $fd) (i32.const 8320) (i32.const 8448) (i32.const 4)) (i32.const 8))
    (call $check (i32.const 4288) (call $fd_close (local.get $fd)) (i32.const 8)))
  (func (export "_start") (local $fd i32)
    (local.set $fd (call $open (i32.const 8448) (i32.const 1) (i32.const 0) (i32.const 8260)))
    (drop (call $spawn (local.get $fd)))
    (call $await (i32.const 1))
    (call $check (i32.const 4224) (call $fd_close (local.get $fd)) (i32.const 0))
    (i32.atomic.store (i32.const 8192) (i32.const 2))
    (call $join_all)))

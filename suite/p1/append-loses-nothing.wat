;;! { "id": "p1/append-loses-nothing", "kind": "program", "sort": "sound",
;;!   "requirements": ["P1-013"],
;;!   "story": "Two threads append 200 records each, each through a descriptor of its own: the file is as long as the writes have counted. Records that are not whole diverge.",
;;!   "needs": ["wasi-fs"], "dirs": ["work::work"],
;;!   "expect": {"diverges": [{"exit": 0, "stdout": "torn records=1\nok\n"}],
;;!              "else": {"exit": 0, "stdout": "torn records=0\nok\n"}},
;;!   "fault": "append writes at the offset that the descriptor remembers" }
(module
  (import "env" "memory" (memory 2 2 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "weft" "report_i32" (func $report (param i32 i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read"
    (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_seek"
    (func $fd_seek (param i32 i64 i32 i32) (result i32)))
  (data (i32.const 4096) "P1-013 size of the file\00")
  (data (i32.const 4160) "torn records\00")
  (data (i32.const 4224) "P1-013 writes that failed\00")
  (data (i32.const 8448) "shared-1.txt")
  ;; Opens a name (12 bytes) below the directory 3; the number, or minus the error number.
  (func $open (param $name i32) (param $oflags i32) (param $fdflags i32) (param $at i32) (result i32)
      (local $error i32)
    (local.set $error
      (call $path_open (i32.const 3) (i32.const 0) (local.get $name) (i32.const 12)
        (local.get $oflags) (i64.const 0x20006e) (i64.const 0) (local.get $fdflags) (local.get $at)))
    (if (local.get $error) (then (return (i32.sub (i32.const 0) (local.get $error)))))
    (i32.load (local.get $at)))
  (func $read (param $fd i32) (param $vector i32) (param $at i32) (param $size i32) (result i32)
    (i32.store (local.get $vector) (local.get $at))
    (i32.store offset=4 (local.get $vector) (local.get $size))
    (call $fd_read (local.get $fd) (local.get $vector) (i32.const 1)
                   (i32.add (local.get $vector) (i32.const 8))))
  ;; 8192 arrived: returns when both threads are here
  (func $meet
    (drop (i32.atomic.rmw.add (i32.const 8192) (i32.const 1)))
    (loop $again (br_if $again (i32.lt_u (i32.atomic.load (i32.const 8192)) (i32.const 2)))))
  ;; 8200: bytes that the writes have counted   8204: writes that failed   65536: the file
  ;; A record is 16 bytes of one value, written as two vectors of 8.
  (func $put (param $fd i32) (param $vector i32) (param $value i32)
    (memory.fill (i32.add (local.get $vector) (i32.const 32)) (local.get $value) (i32.const 16))
    (i32.store (local.get $vector) (i32.add (local.get $vector) (i32.const 32)))
    (i32.store offset=4 (local.get $vector) (i32.const 8))
    (i32.store offset=8 (local.get $vector) (i32.add (local.get $vector) (i32.const 40)))
    (i32.store offset=12 (local.get $vector) (i32.const 8))
    (i32.store offset=16 (local.get $vector) (i32.const 0))
    (if (call $fd_write (local.get $fd) (local.get $vector) (i32.const 2)
                        (i32.add (local.get $vector) (i32.const 16)))
      (then (drop (i32.atomic.rmw.add (i32.const 8204) (i32.const 1)))))
    (drop (i32.atomic.rmw.add (i32.const 8200) (i32.load offset=16 (local.get $vector)))))
  (func $work (param $fd i32) (param $vector i32) (param $value i32) (local $i i32)
    (call $meet)
    (loop $again
      (call $put (local.get $fd) (local.get $vector) (local.get $value))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 200)))))
  (func (export "weft_thread") (param $tid i32) (param $fd i32)
    (call $work
      (call $open (i32.const 8448) (i32.const 1) (i32.const 1) (i32.const 8272)) (i32.const 8576) (i32.const 0x55)))
  (func $torn (param $size i32) (result i32) (local $at i32) (local $n i32)
    (block $end
      (loop $again
        (br_if $end (i32.ge_u (local.get $at) (local.get $size)))
        (if (i32.or
              (i64.ne (i64.load offset=65536 (local.get $at)) (i64.load offset=65544 (local.get $at)))
              (i32.and (i64.ne (i64.load offset=65536 (local.get $at)) (i64.const 0x5555555555555555))
                       (i64.ne (i64.load offset=65536 (local.get $at)) (i64.const 0x2222222222222222))))
          (then (local.set $n (i32.add (local.get $n) (i32.const 1)))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $again)))
    (local.get $n))
  ;; Reads the whole file to 65536; its size.
  (func $slurp (param $fd i32) (result i32) (local $size i32)
    (drop (call $fd_seek (local.get $fd) (i64.const 0) (i32.const 0) (i32.const 8264)))
    (loop $again
      (if (i32.eqz (call $read (local.get $fd) (i32.const 8320)
                               (i32.add (i32.const 65536) (local.get $size)) (i32.const 8192)))
        (then
          (local.set $size (i32.add (local.get $size) (i32.load (i32.const 8328))))
          (br_if $again (i32.load (i32.const 8328))))))
    (local.get $size))
  (func (export "_start") (local $fd i32) (local $size i32)
    (local.set $fd (call $open (i32.const 8448) (i32.const 1) (i32.const 1) (i32.const 8260)))
    (drop (call $spawn (local.get $fd)))
    (call $work (local.get $fd) (i32.const 8704) (i32.const 0x22))
    (call $join_all)
    (local.set $size (call $slurp (local.get $fd)))
    (call $check (i32.const 4096) (local.get $size) (i32.atomic.load (i32.const 8200)))
    (call $check (i32.const 4224) (i32.atomic.load (i32.const 8204)) (i32.const 0))
    (call $report (i32.const 4160) (i32.gt_u (call $torn (local.get $size)) (i32.const 0)))))

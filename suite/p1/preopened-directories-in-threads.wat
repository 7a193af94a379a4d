;;! { "id": "p1/preopened-directories-in-threads", "kind": "program", "sort": "sound",
;;!   "requirements": ["P1-041", "WT-046"],
;;!   "story": "Every thread finds the same preopened directory under the same number and name.",
;;!   "needs": ["wasi-fs"], "dirs": ["work::work"],
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "a preopened directory is there for the main thread only" }
(module
  (import "env" "memory" (memory 2 2 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_get"
    (func $fd_prestat_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_dir_name"
    (func $fd_prestat_dir_name (param i32 i32 i32) (result i32)))
  (data (i32.const 4096) "P1-041 error numbers\00")
  (data (i32.const 4160) "P1-041 what the threads found differs\00")
  (data (i32.const 4224) "P1-041 length of the name\00")
  (data (i32.const 4288) "P1-041 number after the last is preopened\00")
  ;; 256 bytes from the base on: +0 prestat, +16 name
  (func $look (param $base i32)
    (call $check (i32.const 4096) (call $fd_prestat_get (i32.const 3) (local.get $base)) (i32.const 0))
    (call $check (i32.const 4224) (i32.load offset=4 (local.get $base)) (i32.const 4))
    (call $check (i32.const 4096)
      (call $fd_prestat_dir_name (i32.const 3) (i32.add (local.get $base) (i32.const 16)) (i32.const 4))
      (i32.const 0))
    (call $check (i32.const 4288)
      (i32.eqz (call $fd_prestat_get (i32.const 4) (i32.add (local.get $base) (i32.const 128))))
      (i32.const 0)))
  (func (export "weft_thread") (param i32 i32) (call $look (i32.const 8448)))
  (func (export "_start")
    (call $look (i32.const 8192))
    (drop (call $spawn (i32.const 0)))
    (call $join_all)
    (call $check (i32.const 4160)
      (i32.or (i64.ne (i64.load (i32.const 8192)) (i64.load (i32.const 8448)))
              (i32.ne (i32.load (i32.const 8208)) (i32.load (i32.const 8464)))) (i32.const 0))))

;;! { "id": "p1/host-writes-race-a-reader", "kind": "program", "sort": "sound",
;;!   "requirements": ["MM-095", "MM-096"],
;;!   "story": "One thread lets the host write its arguments to memory again and again, cleared in between, while another polls the bytes. The caller finds every byte when the call has returned; the other thread sees old or new bytes and nothing else.",
;;!   "args": ["wwwwwwwwwwwwwww"], "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "args_get copies all but the last byte of an argument" }
(module
  (import "env" "memory" (memory 2 2 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "weft" "barrier" (func $barrier (param i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
  (data (i32.const 4096) "MM-096 bytes missing after the call\00")
  (data (i32.const 4144) "MM-095 foreign bytes\00")
  (data (i32.const 4192) "MM-096 arguments\00")
  ;; 8192 count, size   8256 the end   65536 pointers   65664 text
  (func (export "weft_thread") (param i32 i32) (local $bad i32) (local $v i64)
    (call $barrier (i32.const 2))
    (loop $again
      (local.set $v (i64.load (i32.load (i32.const 8264))))
      ;; 'w' is 0x77
      (local.set $bad (i32.add (local.get $bad)
        (i64.ne (local.get $v)
          (i64.mul (i64.and (local.get $v) (i64.const 0x0101010101010101)) (i64.const 0x77)))))
      (br_if $again (i32.eqz (i32.atomic.load (i32.const 8256)))))
    (call $check (i32.const 4144) (local.get $bad) (i32.const 0)))
  (func (export "_start") (local $n i32) (local $missing i32) (local $text i32)
    (drop (call $args_sizes_get (i32.const 8192) (i32.const 8196)))
    (call $check (i32.const 4192) (i32.load (i32.const 8192)) (i32.const 2))
    (drop (call $args_get (i32.const 65536) (i32.const 65664)))
    (local.set $text (i32.load (i32.const 65540)))
    (i32.store (i32.const 8264) (local.get $text))
    (drop (call $spawn (i32.const 0)))
    (call $barrier (i32.const 2))
    (local.set $n (i32.const 1000))
    (loop $again
      (i64.store (local.get $text) (i64.const 0))
      (i64.store offset=7 (local.get $text) (i64.const 0))
      (drop (call $args_get (i32.const 65536) (i32.const 65664)))
      (local.set $missing (i32.add (local.get $missing)
        (i32.or
          (i64.ne (i64.load (local.get $text)) (i64.const 0x7777777777777777))
          (i64.ne (i64.load offset=7 (local.get $text)) (i64.const 0x7777777777777777)))))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $again (local.get $n)))
    (i32.atomic.store (i32.const 8256) (i32.const 1))
    (call $join_all)
    (call $check (i32.const 4096) (local.get $missing) (i32.const 0))))

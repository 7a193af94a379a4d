;;! { "id": "wait/grow-keeps-waiters", "kind": "program", "sort": "sound",
;;!   "requirements": ["WAIT-042", "WAIT-043", "WAIT-009"],
;;!   "story": "A thread waits while another one grows the memory: a notify still finds it. A cell in the new page can be waited on and notified like any other, at once.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "growing the memory makes a new table of wait queues" }
(module
  (import "env" "memory" (memory 1 3 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "WAIT-042 wait across grow\00")
  (data (i32.const 4144) "WAIT-043 wait in a new page\00")
  (data (i32.const 4192) "WAIT-043 wait in the last cell\00")
  (data (i32.const 4240) "WAIT-042 grow\00")
  (data (i32.const 4288) "WAIT-009 timeout 0 in a new page\00")
  (data (i32.const 4336) "WAIT-009 notify in a new page\00")
  (data (i32.const 4384) "WAIT-042 second grow\00")
  ;; 8192 the first cell   8256 the thread is about to wait   8320 nobody notifies here
  (func $wait (param $address i32) (result i32)
    (memory.atomic.wait32 (local.get $address) (i32.const 0) (i64.const -1)))
  (func (export "weft_thread") (param i32 i32)
    (i32.atomic.store (i32.const 8256) (i32.const 1))
    (call $check (i32.const 4096) (call $wait (i32.const 8192)) (i32.const 0))
    (call $check (i32.const 4144) (call $wait (i32.const 65544)) (i32.const 0))
    (call $check (i32.const 4192) (call $wait (i32.const 196604)) (i32.const 0)))
  (func $pause
    (drop (memory.atomic.wait32 (i32.const 8320) (i32.const 0) (i64.const 3000000))))
  (func $wake (param $address i32)
    (loop $until_counted
      (br_if $until_counted
        (i32.eqz (memory.atomic.notify (local.get $address) (i32.const 1))))))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (loop $until_announced
      (br_if $until_announced (i32.eqz (i32.atomic.load (i32.const 8256)))))
    (call $pause)
    (call $check (i32.const 4240) (memory.grow (i32.const 1)) (i32.const 1))
    (call $check (i32.const 4288)
      (memory.atomic.wait32 (i32.const 131068) (i32.const 0) (i64.const 0)) (i32.const 2))
    (call $check (i32.const 4336)
      (memory.atomic.notify (i32.const 131068) (i32.const 1)) (i32.const 0))
    (call $check (i32.const 4384) (memory.grow (i32.const 1)) (i32.const 2))
    (call $wake (i32.const 8192))
    (call $wake (i32.const 65544))
    (call $wake (i32.const 196604))
    (call $join_all)))

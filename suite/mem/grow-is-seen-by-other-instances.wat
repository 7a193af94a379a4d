;;! { "id": "mem/grow-is-seen-by-other-instances", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-053", "MEM-031", "MEM-022"],
;;!   "story": "A thread whose instance exists already sees that another one has grown the memory; a thread that is instantiated afterwards sees it, too, although its module asks for one page.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "memory.size returns a length that each thread refreshes only now and then" }
(module
  (import "env" "memory" (memory 1 3 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "MEM-022 size in the late thread\00")
  (data (i32.const 4144) "MEM-053 size in the early thread\00")
  (data (i32.const 4192) "MEM-053 word in the new page\00")
  (data (i32.const 4240) "MEM-053 grow\00")
  (data (i32.const 4288) "MEM-053 stored by the early thread\00")
  (data (i32.const 4336) "MEM-053 stored by the late thread\00")
  ;; 8192 the thread runs   8256 the memory has grown
  (func (export "weft_thread") (param $tid i32) (param $arg i32)
    (if (i32.eqz (local.get $arg))
      (then
        (i32.atomic.store (i32.const 8192) (i32.const 1))
        (loop $until_grown
          (br_if $until_grown (i32.eqz (i32.atomic.load (i32.const 8256)))))))
    (if (local.get $arg)
      (then (call $check (i32.const 4096) (memory.size) (i32.const 3)))
      (else (call $check (i32.const 4144) (memory.size) (i32.const 3))))
    (call $check (i32.const 4192) (i32.load (i32.const 196604)) (i32.const 77))
    (i32.store offset=131072 (i32.mul (local.get $arg) (i32.const 8)) (i32.const 5)))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (loop $until_running
      (br_if $until_running (i32.eqz (i32.atomic.load (i32.const 8192)))))
    (call $check (i32.const 4240) (memory.grow (i32.const 2)) (i32.const 1))
    (i32.store (i32.const 196604) (i32.const 77))
    (i32.atomic.store (i32.const 8256) (i32.const 1))
    (drop (call $spawn (i32.const 1)))
    (call $join_all)
    (call $check (i32.const 4288) (i32.load (i32.const 131072)) (i32.const 5))
    (call $check (i32.const 4336) (i32.load (i32.const 131080)) (i32.const 5))))

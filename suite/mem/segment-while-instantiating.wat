;;! { "id": "mem/segment-while-instantiating", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-078"],
;;!   "story": "Main clears what an active segment wrote and polls it while another thread spawns a third one, whose instance writes the segment again. Each byte is what main stored or what the segment holds, at any time.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "an active segment is written with its bytes inverted first" }
(module
  (import "env" "memory" (memory 2 2 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "MEM-078 foreign bytes\00")
  (data (i32.const 65536) "\11\11\11\11\11\11\11\11\11\11\11\11\11\11\11\11\11\11\11\11\11\11\11\11\11\11\11\11\11\11\11\11")
  ;; 8192: 1 when the third thread runs
  (func (export "weft_thread") (param $tid i32) (param $third i32)
    (if (local.get $third)
      (then (i32.atomic.store (i32.const 8192) (i32.const 1)))
      (else (drop (call $spawn (i32.const 1))))))
  (func $foreign (param $v i64) (result i32)
    (i64.ne (local.get $v)
      (i64.mul (i64.and (local.get $v) (i64.const 0x0101010101010101)) (i64.const 0x11))))
  (func (export "_start") (local $n i32) (local $bad i32)
    (local.set $n (i32.const 8))
    (loop $rounds
      (memory.fill (i32.const 65536) (i32.const 0) (i32.const 32))
      (i32.atomic.store (i32.const 8192) (i32.const 0))
      (drop (call $spawn (i32.const 0)))
      (loop $poll
        (local.set $bad (i32.add (local.get $bad)
          (i32.add (call $foreign (i64.load (i32.const 65536)))
                   (call $foreign (i64.load (i32.const 65560))))))
        (br_if $poll (i32.eqz (i32.atomic.load (i32.const 8192)))))
      (call $join_all)
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $rounds (local.get $n)))
    (call $check (i32.const 4096) (local.get $bad) (i32.const 0))))

;;! { "id": "mem/stores-keep-neighbours", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-059", "MEM-066"],
;;!   "story": "Three threads count in byte 0, in byte 1 and in the upper half of one word with plain accesses: each finds its own count again every time. A store writes exactly its bytes.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "i32.store8 is a 32-bit load, an insertion and a 32-bit store" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "barrier" (func $barrier (param i32)))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "MEM-059 own byte was disturbed\00")
  (data (i32.const 4128) "MEM-059 own half was disturbed\00")
  ;; 8192, 8193, 8194-8195: the counters   8448 shares done
  ;; Counts down; a thread that has done its share goes on until `all` shares are done, so that the
  ;; threads overlap even where one of them starts late.
  (func $more (param $left i32) (param $all i32) (result i32)
    (if (i32.eqz (local.get $left))
      (then (drop (i32.atomic.rmw.add (i32.const 8448) (i32.const 1)))))
    (i32.or (i32.gt_s (local.get $left) (i32.const 0))
            (i32.lt_u (i32.atomic.load (i32.const 8448)) (local.get $all))))
  (func $bytes (param $at i32) (local $n i32) (local $bad i32)
    (loop $again
      (if (i32.ne (i32.load8_u (local.get $at)) (i32.and (local.get $n) (i32.const 0xff)))
        (then (local.set $bad (i32.add (local.get $bad) (i32.const 1)))))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (i32.store8 (local.get $at) (local.get $n))
      (br_if $again (call $more (i32.sub (i32.const 30000) (local.get $n)) (i32.const 3))))
    (call $check (i32.const 4096) (local.get $bad) (i32.const 0)))
  (func $halves (local $n i32) (local $bad i32)
    (loop $again
      (if (i32.ne (i32.load16_u (i32.const 8194)) (i32.and (local.get $n) (i32.const 0xffff)))
        (then (local.set $bad (i32.add (local.get $bad) (i32.const 1)))))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (i32.store16 (i32.const 8194) (local.get $n))
      (br_if $again (call $more (i32.sub (i32.const 30000) (local.get $n)) (i32.const 3))))
    (call $check (i32.const 4128) (local.get $bad) (i32.const 0)))
  (func (export "weft_thread") (param $tid i32) (param $arg i32)
    (call $barrier (i32.const 3))
    (if (i32.eqz (local.get $arg))
      (then (call $bytes (i32.const 8192)))
      (else (call $bytes (i32.const 8193)))))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (drop (call $spawn (i32.const 1)))
    (call $barrier (i32.const 3))
    (call $halves)
    (call $join_all)))

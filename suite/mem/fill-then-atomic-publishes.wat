;;! { "id": "mem/fill-then-atomic-publishes", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-067", "MM-003"],
;;!   "story": "What memory.fill and memory.copy wrote is visible as a whole to a thread that has seen the atomic store behind them.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "the last bytes of a fill are written after the next atomic store" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "MEM-067 stale words\00")
  ;; 8192 round that is published   8256 round that was checked   16384 the payload   32768 its source
  (func $count (param $value i32) (result i32) (local $at i32) (local $n i32)
    (local.set $at (i32.const 16384))
    (loop $words
      (local.set $n (i32.add (local.get $n)
        (i32.eq (i32.load (local.get $at)) (i32.mul (local.get $value) (i32.const 0x01010101)))))
      (local.set $at (i32.add (local.get $at) (i32.const 4)))
      (br_if $words (i32.lt_u (local.get $at) (i32.const 20480))))
    (local.get $n))
  ;; Polls until the cell has the value.
  (func $until (param $cell i32) (param $value i32) (local $seen i32) (local $polls i32)
    (loop $again
      (local.set $seen (i32.atomic.load (local.get $cell)))
      (if (i32.ne (local.get $seen) (local.get $value))
        (then
          (local.set $polls (i32.add (local.get $polls) (i32.const 1)))
          (if (i32.gt_u (local.get $polls) (i32.const 5000))
            (then (call $nap (local.get $cell) (local.get $seen))))
          (br $again)))))
  (func $nap (param $cell i32) (param $seen i32)
    (drop (memory.atomic.wait32 (local.get $cell) (local.get $seen) (i64.const 200000))))
  (func (export "weft_thread") (param i32 i32) (local $round i32) (local $stale i32)
    (loop $rounds
      (local.set $round (i32.add (local.get $round) (i32.const 1)))
      (call $until (i32.const 8192) (local.get $round))
      (local.set $stale
        (i32.add (local.get $stale)
                 (i32.sub (i32.const 1024) (call $count (i32.and (local.get $round) (i32.const 255))))))
      (i32.atomic.store (i32.const 8256) (local.get $round))
      (br_if $rounds (i32.lt_u (local.get $round) (i32.const 500))))
    (call $check (i32.const 4096) (local.get $stale) (i32.const 0)))
  (func (export "_start") (local $round i32)
    (drop (call $spawn (i32.const 0)))
    (loop $rounds
      (local.set $round (i32.add (local.get $round) (i32.const 1)))
      (if (i32.and (local.get $round) (i32.const 1))
        (then (memory.fill (i32.const 16384) (local.get $round) (i32.const 4096)))
        (else
          (memory.fill (i32.const 32768) (local.get $round) (i32.const 4096))
          (memory.copy (i32.const 16384) (i32.const 32768) (i32.const 4096))))
      (i32.atomic.store (i32.const 8192) (local.get $round))
      (call $until (i32.const 8256) (local.get $round))
      (br_if $rounds (i32.lt_u (local.get $round) (i32.const 500))))
    (call $join_all)))

;;! { "id": "p1/random-blocks-are-distinct", "kind": "program", "sort": "sound",
;;!   "requirements": ["P1-035"],
;;!   "story": "Two threads draw 500 blocks of 16 bytes each at the same time: no block comes twice, and none is all zeros.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "every thread draws from a generator with the same seed" }
(module
  (import "env" "memory" (memory 2 2 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
  (data (i32.const 4096) "P1-035 blocks that come twice\00")
  (data (i32.const 4160) "P1-035 error number\00")
  (data (i32.const 4224) "P1-035 blocks of zeros\00")
  ;; 65536: the blocks of main, 8000 bytes later those of the thread   8192 gate
  (func $draw (param $at i32) (local $end i32)
    (local.set $end (i32.add (local.get $at) (i32.const 8000)))
    (drop (i32.atomic.rmw.add (i32.const 8192) (i32.const 1)))
    (loop $again (br_if $again (i32.lt_u (i32.atomic.load (i32.const 8192)) (i32.const 2))))
    (loop $again
      (call $check (i32.const 4160) (call $random_get (local.get $at) (i32.const 16)) (i32.const 0))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $again (i32.lt_u (local.get $at) (local.get $end)))))
  (func (export "weft_thread") (param i32 i32) (call $draw (i32.const 73536)))
  (func $twice (result i32) (local $i i32) (local $j i32) (local $n i32)
    (local.set $i (i32.const 65536))
    (loop $first
      (local.set $j (i32.add (local.get $i) (i32.const 16)))
      (block $none
        (loop $second
          (br_if $none (i32.ge_u (local.get $j) (i32.const 81536)))
          (if (i64.eq (i64.load (local.get $i)) (i64.load (local.get $j)))
            (then (if (i64.eq (i64.load offset=8 (local.get $i)) (i64.load offset=8 (local.get $j)))
              (then (local.set $n (i32.add (local.get $n) (i32.const 1)))))))
          (local.set $j (i32.add (local.get $j) (i32.const 16)))
          (br $second)))
      (local.set $i (i32.add (local.get $i) (i32.const 16)))
      (br_if $first (i32.lt_u (local.get $i) (i32.const 81536))))
    (local.get $n))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (call $draw (i32.const 65536))
    (call $join_all)
    (call $check (i32.const 4096) (call $twice) (i32.const 0))
    (call $check (i32.const 4224)
      (i32.or (i64.eqz (i64.load (i32.const 65536))) (i64.eqz (i64.load (i32.const 73536))))
      (i32.const 0))))

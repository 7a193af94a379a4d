;;! { "id": "mm/sb-atomic", "kind": "program", "sort": "sound",
;;!   "requirements": ["MM-017", "MM-005", "MM-100"],
;;!   "story": "Store buffering: each thread stores atomically to one cell and then loads the other; not both may read the old value. Dekker and Peterson locks rest on it.",
;;!   "exclusive": true,
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "atomic stores are relaxed" }
(module
  (import "env" "memory" (memory 2 2 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "MM-017 SB\00")
  ;; 8192 arrived   8256 generation   8320 forbidden outcomes
  ;; A slot: +0 x, +64 y, +128 z, +192 the registers a, b, c ... of 4 bytes
  (func $delay (param $n i32)
    (block $end
      (loop $again
        (br_if $end (i32.eqz (local.get $n)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $again))))
  ;; All threads are here; spins, then waits in short slices.
  (func $meet (local $generation i32) (local $polls i32)
    (local.set $generation (i32.atomic.load (i32.const 8256)))
    (if (i32.eq (i32.atomic.rmw.add (i32.const 8192) (i32.const 1)) (i32.const 1))
      (then
        (i32.atomic.store (i32.const 8192) (i32.const 0))
        (i32.atomic.store (i32.const 8256) (i32.add (local.get $generation) (i32.const 1)))
        (drop (memory.atomic.notify (i32.const 8256) (i32.const -1)))
        (return)))
    (loop $again
      (if (i32.ne (i32.atomic.load (i32.const 8256)) (local.get $generation)) (then (return)))
      (local.set $polls (i32.add (local.get $polls) (i32.const 1)))
      (if (i32.gt_u (local.get $polls) (i32.const 4000)) (then (call $nap (local.get $generation))))
      (br $again)))
  (func $nap (param $generation i32)
    (drop (memory.atomic.wait32 (i32.const 8256) (local.get $generation) (i64.const 1000000))))
  (func $thread_0 (param $s i32)
    (i32.atomic.store (local.get $s) (i32.const 1))  ;; x:=1
    (i32.store offset=192 (local.get $s)
      (i32.atomic.load offset=64 (local.get $s))))  ;; a:=y
  (func $thread_1 (param $s i32)
    (i32.atomic.store offset=64 (local.get $s) (i32.const 1))  ;; y:=1
    (i32.store offset=196 (local.get $s)
      (i32.atomic.load (local.get $s))))  ;; b:=x
  ;; forbidden: a=0 b=0
  (func $forbidden (param $s i32) (result i32)
    (i32.and
        (i32.eq (i32.load offset=192 (local.get $s)) (i32.const 0))
        (i32.eq (i32.load offset=196 (local.get $s)) (i32.const 0))))
  ;; Every thread goes through all slots; main counts and clears them while the others wait.
  (func $rounds (param $who i32) (local $round i32) (local $s i32)
    (loop $again
      (call $meet)
      (call $delay (i32.and (i32.mul (local.get $round) (i32.add (i32.mul (local.get $who) (i32.const 6)) (i32.const 5)))
                            (i32.const 63)))
      (local.set $s (i32.const 65536))
      (loop $slots
        (if (local.get $who)
          (then (call $thread_1 (local.get $s)))
          (else (call $thread_0 (local.get $s))))
        (local.set $s (i32.add (local.get $s) (i32.const 256)))
        (br_if $slots (i32.lt_u (local.get $s) (i32.const 81920))))
      (call $meet)
      (if (i32.eqz (local.get $who)) (then (call $count)))
      (local.set $round (i32.add (local.get $round) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $round) (i32.const 2400)))))
  (func $count (local $s i32)
    (local.set $s (i32.const 65536))
    (loop $slots
      (if (call $forbidden (local.get $s))
        (then (i32.store (i32.const 8320) (i32.add (i32.load (i32.const 8320)) (i32.const 1)))))
      (local.set $s (i32.add (local.get $s) (i32.const 256)))
      (br_if $slots (i32.lt_u (local.get $s) (i32.const 81920))))
    (memory.fill (i32.const 65536) (i32.const 0) (i32.const 16384)))
  (func (export "weft_thread") (param $tid i32) (param $who i32) (call $rounds (local.get $who)))
  (func (export "_start")
    (drop (call $spawn (i32.const 1)))
    (call $rounds (i32.const 0))
    (call $join_all)
    (call $check (i32.const 4096) (i32.load (i32.const 8320)) (i32.const 0))))

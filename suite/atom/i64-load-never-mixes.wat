;;! { "id": "atom/i64-load-never-mixes", "kind": "program", "sort": "sound",
;;!   "requirements": ["ATOM-118", "MM-007"],
;;!   "story": "One thread stores 0 and -1 in turn with 64-bit atomics, another one loads: it sees one of the two and never a mixture of their halves.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "i64.atomic.load reads two halves" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "barrier" (func $barrier (param i32)))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "ATOM-118 mixtures\00")
  ;; 8200 the cell   8448 shares done
  ;; Counts down; a thread that has done its share goes on until `all` shares are done, so that the
  ;; threads overlap even where one of them starts late.
  (func $more (param $left i32) (param $all i32) (result i32)
    (if (i32.eqz (local.get $left))
      (then (drop (i32.atomic.rmw.add (i32.const 8448) (i32.const 1)))))
    (i32.or (i32.gt_s (local.get $left) (i32.const 0))
            (i32.lt_u (i32.atomic.load (i32.const 8448)) (local.get $all))))
  (func $run (param $who i32) (local $n i32) (local $v i64) (local $bad i32)
    (call $barrier (i32.const 2))
    (local.set $n (i32.const 60000))
    (loop $again
      (if (local.get $who)
        (then (i64.atomic.store (i32.const 8200) (i64.sub (i64.const 0)
                (i64.extend_i32_u (i32.and (local.get $n) (i32.const 1))))))
        (else
          (local.set $v (i64.atomic.load (i32.const 8200)))
          (if (i64.gt_u (i64.add (local.get $v) (i64.const 1)) (i64.const 1))
            (then (local.set $bad (i32.add (local.get $bad) (i32.const 1)))))))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $again (call $more (local.get $n) (i32.const 2))))
    (call $check (i32.const 4096) (local.get $bad) (i32.const 0)))
  (func (export "weft_thread") (param i32 i32) (call $run (i32.const 1)))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (call $run (i32.const 0))
    (call $join_all)))

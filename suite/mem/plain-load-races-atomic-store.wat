;;! { "id": "mem/plain-load-races-atomic-store", "kind": "program", "sort": "sound",
;;!   "requirements": ["MM-090", "MEM-057"],
;;!   "story": "A plain 32-bit load races with atomic stores: it sees one of the stored values and no mixture.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "plain loads are performed byte by byte" }
(module
  (import "env" "memory" (memory 1 1 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "barrier" (func $barrier (param i32)))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (data (i32.const 4096) "MM-090 mixtures\00")
  ;; 8192 the cell   8448 shares done
  ;; Counts down; a thread that has done its share goes on until `all` shares are done, so that the
  ;; threads overlap even where one of them starts late.
  (func $more (param $left i32) (param $all i32) (result i32)
    (if (i32.eqz (local.get $left))
      (then (drop (i32.atomic.rmw.add (i32.const 8448) (i32.const 1)))))
    (i32.or (i32.gt_s (local.get $left) (i32.const 0))
            (i32.lt_u (i32.atomic.load (i32.const 8448)) (local.get $all))))
  (func $run (param $who i32) (local $n i32) (local $v i32) (local $bad i32)
    (local.set $n (i32.const 60000))
    (call $barrier (i32.const 2))
    (loop $again
      (if (local.get $who)
        (then
          (i32.atomic.store (i32.const 8192)
            (select (i32.const 0x01020304) (i32.const 0xfafbfcfd)
                    (i32.and (local.get $n) (i32.const 1)))))
        (else
          (local.set $v (i32.load (i32.const 8192)))
          (if (i32.eqz (i32.or (i32.eq (local.get $v) (i32.const 0x01020304))
                               (i32.eq (local.get $v) (i32.const 0xfafbfcfd))))
            (then (local.set $bad (i32.add (local.get $bad) (i32.const 1)))))))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $again (call $more (local.get $n) (i32.const 2))))
    (call $check (i32.const 4096) (local.get $bad) (i32.const 0)))
  (func (export "weft_thread") (param i32 i32) (call $run (i32.const 1)))
  (func (export "_start")
    (i32.atomic.store (i32.const 8192) (i32.const 0x01020304))
    (drop (call $spawn (i32.const 0)))
    (call $run (i32.const 0))
    (call $join_all)))

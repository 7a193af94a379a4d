;;! { "id": "mem/size-after-grow-publishes", "kind": "program", "sort": "sound",
;;!   "requirements": ["MEM-040", "MEM-044", "MEM-047", "MEM-031", "MM-092"],
;;!   "story": "A thread stores a plain word and grows the memory; another one asks for the size. Who sees the new size sees the word, may use the new page without a trap, and finds zeros there.",
;;!   "expect": {"exit": 0, "stdout": "ok\n"},
;;!   "fault": "memory.size returns a length that each thread refreshes only now and then" }
(module
  (import "env" "memory" (memory 1 160 shared)) (export "memory" (memory 0))
  (import "weft" "spawn" (func $spawn (param i32) (result i32)))
  (import "weft" "join_all" (func $join_all))
  (import "weft" "barrier" (func $barrier (param i32)))
  (import "weft" "check_i32" (func $check (param i32 i32 i32)))
  (import "weft" "check_i64" (func $check64 (param i32 i64 i64)))
  (data (i32.const 4096) "MEM-040 word behind the size\00")
  (data (i32.const 4144) "MEM-047 last cell of the new page\00")
  (data (i32.const 4192) "MEM-031 size shrank\00")
  (data (i32.const 4240) "MEM-031 size at the end\00")
  ;; 8192 the word   8320 the end
  (func $delay (param $n i32)
    (block $end
      (loop $again
        (br_if $end (i32.eqz (local.get $n)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $again))))
  (func $writer (local $n i32)
    (call $barrier (i32.const 2))
    (loop $again
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (i32.store (i32.const 8192) (local.get $n))
      (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1))
        (then (i32.atomic.store (i32.const 8320) (i32.const 1)) (return)))
      (call $delay (i32.const 300))
      (br_if $again (i32.lt_u (local.get $n) (i32.const 150))))
    (i32.atomic.store (i32.const 8320) (i32.const 1)))
  (func $reader (local $size i32) (local $seen i32) (local $last i32)
    (call $barrier (i32.const 2))
    (loop $again
      (local.set $size (memory.size))
      (local.set $seen (i32.load (i32.const 8192)))
      ;; one page at the start, and word n is stored before grow n
      (if (i32.lt_u (local.get $seen) (i32.sub (local.get $size) (i32.const 1)))
        (then (call $check (i32.const 4096)
                (local.get $seen) (i32.sub (local.get $size) (i32.const 1)))))
      (call $check64 (i32.const 4144)
        (i64.load (i32.sub (i32.mul (local.get $size) (i32.const 65536)) (i32.const 8)))
        (i64.const 0))
      (i32.store8 (i32.sub (i32.mul (local.get $size) (i32.const 65536)) (i32.const 9))
                  (i32.const 1))
      (if (i32.lt_u (local.get $size) (local.get $last))
        (then (call $check (i32.const 4192) (local.get $size) (local.get $last))))
      (local.set $last (local.get $size))
      (br_if $again (i32.eqz (i32.atomic.load (i32.const 8320))))))
  (func (export "weft_thread") (param i32 i32) (call $reader))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (call $writer)
    (call $join_all)
    (call $check (i32.const 4240)
      (memory.size) (i32.add (i32.const 1) (i32.load (i32.const 8192))))))

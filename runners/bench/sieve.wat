;; The sieve of Eratosthenes over 4,000,000 numbers, three times; a byte a number.
(module
  (import "env" "memory" (memory 64 64 shared))
  (func $sieve (param $n i32) (result i32) (local $i i32) (local $j i32) (local $count i32)
    (memory.fill (i32.const 0) (i32.const 1) (local.get $n))
    (local.set $i (i32.const 2))
    (block $done
      (loop $numbers
        (br_if $done (i32.ge_u (local.get $i) (local.get $n)))
        (if (i32.load8_u (local.get $i))
          (then
            (local.set $count (i32.add (local.get $count) (i32.const 1)))
            (local.set $j (i32.shl (local.get $i) (i32.const 1)))
            (block $out
              (loop $multiples
                (br_if $out (i32.ge_u (local.get $j) (local.get $n)))
                (i32.store8 (local.get $j) (i32.const 0))
                (local.set $j (i32.add (local.get $j) (local.get $i)))
                (br $multiples)))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $numbers)))
    (local.get $count))
  (func (export "_start") (local $round i32)
    (loop $again
      (if (i32.ne (call $sieve (i32.const 4000000)) (i32.const 283146)) (then (unreachable)))
      (br_if $again (i32.lt_u (local.tee $round (i32.add (local.get $round) (i32.const 1)))
                              (i32.const 3))))))

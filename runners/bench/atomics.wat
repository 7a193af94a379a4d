;; Thirty million atomic additions to one cell.
(module
  (import "env" "memory" (memory 1 1 shared))
  (func (export "_start") (local $i i32)
    (loop $again
      (drop (i32.atomic.rmw.add (i32.const 64) (i32.const 3)))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1)))
                              (i32.const 30000000))))
    (if (i32.ne (i32.atomic.load (i32.const 64)) (i32.const 90000000)) (then (unreachable)))))

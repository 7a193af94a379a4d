(module (memory 1) (data $d "xyz") (table $t 2 externref) (table $f 2 funcref)
  (elem $e funcref (ref.null func(f64.const 0) (i32.const 0 (i32.trunc_sat_f64_s (f64.const 1.5))))))

(module (type  (func (param i32 i64) ))
  (import "m" "g" (global $g i64))
 (import "m" "g" (global $g i32))
  (mel  (mu)))

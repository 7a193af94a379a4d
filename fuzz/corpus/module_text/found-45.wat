;;)
 (elem 1(i32.const 0)$e(i))

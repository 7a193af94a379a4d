 (func (export "_start")
 (drop (i64.atomic.load32_u (i32.const 8193_)))
    (port (ns)))

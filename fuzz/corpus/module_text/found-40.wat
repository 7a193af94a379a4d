(module (type $t (func (param i64 i64)) (( ))))

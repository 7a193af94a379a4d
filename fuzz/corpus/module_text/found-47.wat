 (type $~ (func (ra)))

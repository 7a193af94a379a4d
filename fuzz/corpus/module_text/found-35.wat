N(,
Ż$join_a
Ż(!  dou.",
Żhat- 
Ż! ZŻ!
! Ż!dout" 
Ż(dt" 
Ż`!   

(module binary
 "\u{_eAAAA{u}ub"  
)

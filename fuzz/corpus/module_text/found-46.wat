 (module binary
 "\2B\0+\n")

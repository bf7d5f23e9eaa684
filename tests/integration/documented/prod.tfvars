length = 14

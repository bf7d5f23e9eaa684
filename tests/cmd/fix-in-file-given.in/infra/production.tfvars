length = 6

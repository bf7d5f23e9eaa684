length = 9

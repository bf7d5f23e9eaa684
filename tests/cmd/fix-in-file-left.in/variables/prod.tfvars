protection = "INACTIVE"

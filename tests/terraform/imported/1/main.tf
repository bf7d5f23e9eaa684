variable "pool" {
  type = string
}

import {
  to = aws_cognito_user_pool.main
  id = var.pool
}

resource "aws_cognito_user_pool" "main" {
  name                = "imported"
  deletion_protection = "ACTIVE"
  mfa_configuration   = "OFF"
}

resource "aws_cognito_user_pool_client" "main" {
  name         = "new"
  user_pool_id = aws_cognito_user_pool.main.id
}

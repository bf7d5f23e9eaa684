resource "aws_cognito_user_pool" "main" {
  name                = "customers"
  deletion_protection = "INACTIVE"

  password_policy {
    minimum_length = 8
  }

  lifecycle {
    ignore_changes = [deletion_protection, password_policy[0].minimum_length]
  }
}

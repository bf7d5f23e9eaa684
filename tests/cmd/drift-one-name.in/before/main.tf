resource "aws_cognito_user_pool" "blue" {
  name                = "customers"
  deletion_protection = "ACTIVE"
}

resource "aws_cognito_user_pool" "green" {
  name = "customers"
}

resource "aws_cognito_user_pool" "blue" {
  name                = "customers"
  deletion_protection = "INACTIVE"
}

resource "aws_cognito_user_pool" "green" {
  name = "customers"
}

resource "aws_cognito_user_pool" "main" {
  name                = "customers"
  deletion_protection = "INACTIVE"
}

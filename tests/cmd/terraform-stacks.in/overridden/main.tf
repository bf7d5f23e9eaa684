resource "aws_cognito_user_pool" "main" {
  name              = "customers"
  mfa_configuration = "OFF"
}

resource "aws_cognito_user_pool" "main" {
  mfa_configuration = "ON"
}

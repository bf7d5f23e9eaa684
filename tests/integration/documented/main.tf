resource "aws_cognito_user_pool" "customers" {
  name              = "customers"
  mfa_configuration = "OPTIONAL"

  password_policy {
    minimum_length = 8
  }

  software_token_mfa_configuration {
    enabled = true
  }
}

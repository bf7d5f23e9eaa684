resource "aws_cognito_user_pool" "open" {
  count = 2
  name  = "open-${count.index}"
}

resource "aws_cognito_user_pool" "staff" {
  name              = "staff"
  mfa_configuration = "ON"

  software_token_mfa_configuration {
    enabled = true
  }
}

resource "aws_cognito_user_pool" "main" {
  # cognito-lint: ignore mfa-missing owner="web" until=2027-01-31 reason="MFA follows in spring"
  name = "customers"
}

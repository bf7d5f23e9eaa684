resource "aws_cognito_user_pool" "customers" {
  name              = "customers"
  mfa_configuration = "ON"
  software_token_mfa_configuration {
    enabled = true
  }
}

resource "aws_cognito_user_pool_client" "app" {
  name         = "app"
  user_pool_id = aws_cognito_user_pool.customers.id
  callback_urls = ["http://localhost:3000/callback", # cognito-lint: ignore callback-plain owner="web" until=2027-01-31 reason="on the own machine"
    "http://example.com/callback"]
}

resource "aws_cognito_user_pool" "customers" {
  name = "customers"
}

resource "aws_cognito_user_pool_client" "a" {
  name         = "app"
  user_pool_id = aws_cognito_user_pool.customers.id
}

# cognito-lint: ignore client-name-twice owner="web" until=2027-01-31 reason="goes in spring"
resource "aws_cognito_user_pool_client" "b" {
  name         = "app"
  user_pool_id = aws_cognito_user_pool.customers.id
}

resource "aws_cognito_user_pool_client" "c" {
  name         = "app"
  user_pool_id = aws_cognito_user_pool.customers.id
}

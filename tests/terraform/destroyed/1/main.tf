resource "aws_cognito_user_pool" "main" {
  name = "destroyed"
}

resource "aws_cognito_user_pool_client" "main" {
  name         = "destroyed"
  user_pool_id = aws_cognito_user_pool.main.id
}

resource "aws_cognito_user_pool_domain" "main" {
  domain       = "destroyed-example"
  user_pool_id = aws_cognito_user_pool.main.id
}

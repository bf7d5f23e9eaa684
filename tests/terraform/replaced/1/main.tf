resource "aws_cognito_user_pool" "main" {
  name                = "replaced"
  username_attributes = ["email"]
}

resource "aws_cognito_user_pool_client" "main" {
  name         = "replaced"
  user_pool_id = aws_cognito_user_pool.main.id
}

resource "aws_cognito_user_pool" "main" {
  name                = "customers"
  deletion_protection = "ACTIVE"
}

resource "aws_cognito_user_pool_client" "web" {
  name         = "web"
  user_pool_id = aws_cognito_user_pool.main.id
  allowed_oauth_flows = [
    "code",     # the web app
    "implicit", # an app of the past
  ]
  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_scopes                 = ["openid"]
  callback_urls                        = ["https://app.example.com/back"]
  supported_identity_providers         = ["COGNITO"]
}

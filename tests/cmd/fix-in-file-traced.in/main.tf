locals {
  protection = "INACTIVE" # for as long as it is a test
}

module "pool" {
  source = "./pool"

  length = 8
}

resource "aws_cognito_user_pool" "main" {
  name                = "main"
  deletion_protection = local.protection
}

resource "aws_cognito_user_pool_client" "web" {
  name         = "web"
  user_pool_id = aws_cognito_user_pool.main.id

  explicit_auth_flows = [
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
  ]
}

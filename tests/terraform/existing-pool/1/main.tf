data "aws_cognito_user_pools" "existing" {
  name = "existing"
}

resource "aws_cognito_user_pool_client" "main" {
  name                          = "of-an-existing-pool"
  user_pool_id                  = one(data.aws_cognito_user_pools.existing.ids)
  prevent_user_existence_errors = "ENABLED"
  enable_token_revocation       = true
  explicit_auth_flows           = ["ALLOW_USER_SRP_AUTH"]
}

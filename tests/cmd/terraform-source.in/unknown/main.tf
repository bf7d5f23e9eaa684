variable "enabled" {
  type = bool
}

resource "aws_cognito_user_pool" "main" {
  count = var.enabled ? 1 : 0
  name  = "main"
}

resource "aws_cognito_user_pool_client" "web" {
  count        = var.enabled ? 1 : 0
  name         = "web"
  user_pool_id = aws_cognito_user_pool.main[0].id
}

resource "aws_cognito_user_pool" "none" {
  count = 0
  name  = "none"
}

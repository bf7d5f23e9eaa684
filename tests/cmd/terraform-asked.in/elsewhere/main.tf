variable "first" {
  type = bool
}
variable "pool" {
  type = string
}
resource "aws_cognito_user_pool_client" "a" {
  count        = var.first ? 1 : 0
  name         = "a"
  user_pool_id = var.pool
}
resource "aws_cognito_user_pool_client" "b" {
  name                    = "b"
  user_pool_id            = var.pool
  enable_token_revocation = false
}

resource "aws_cognito_user_pool" "extra" {
  count = var.extra ? 1 : 0
  name  = "extra"
}

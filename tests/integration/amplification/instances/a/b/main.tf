resource "aws_cognito_user_pool" "p" {
  count = 100
  name  = "x"
}

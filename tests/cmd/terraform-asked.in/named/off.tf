resource "aws_cognito_user_pool" "off" {
  count = 0
  name  = "off"
}

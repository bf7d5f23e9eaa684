resource "aws_cognito_user_pool" "other" {
  name = "other"
}

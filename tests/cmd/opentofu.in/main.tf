resource "aws_cognito_user_pool" "never" {
  name = "never"
}

# # cognito-lint: ignore mfa-missing owner="web" until=2027-01-31 reason="not used any more"
# resource "aws_cognito_user_pool" "old" {
# }
resource "aws_cognito_user_pool" "first" {
  name = "first"
}

# cognito-lint: ignore mfa-missing owner="web" until=2027-01-31 reason="not used any more"
# resource "aws_cognito_user_pool" "old" {
# }
resource "aws_cognito_user_pool" "second" {
  name = "second"
}

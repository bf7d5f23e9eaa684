resource "aws_cognito_user_pool" "p" {
  count = 1000
  name  = "x"
  tags  = { for b in range(1000) : "a-long-name-of-a-tag-${b}" => "and a longer value of it" }
}

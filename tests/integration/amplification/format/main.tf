resource "aws_cognito_user_pool" "p" {
  name = local.x
}
locals {
  x = format("%1000000000s%999999999d%s", "a", 1, join("", [for i in range(1000) : format("%100000s", i)]))
}

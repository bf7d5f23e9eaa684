resource "aws_cognito_user_pool" "p" {
  name = local.x
}
locals {
  x = join("", [for a8 in range(1000) : join("", [for a7 in range(1000) : join("", [for a6 in range(1000) : join("", [for a5 in range(1000) : join("", [for a4 in range(1000) : join("", [for a3 in range(1000) : join("", [for a2 in range(1000) : join("", [for a1 in range(1000) : join("", [for a0 in range(1000) : "a"])])])])])])])])])
}

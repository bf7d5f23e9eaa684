locals {
  keys = toset([for i in range(1000) : tostring(i)])
  many = setproduct(local.keys, local.keys, local.keys, local.keys)
}
resource "aws_cognito_user_pool" "p" {
  for_each = local.many
  name     = join("", each.value)
}
resource "aws_cognito_user_pool" "q" {
  for_each = { for pair in setproduct(range(1000), range(1000)) : join("-", pair) => pair }
  name     = each.key
}

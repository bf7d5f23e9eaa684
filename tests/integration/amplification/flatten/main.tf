locals {
  a0  = ["aaaaaaaa", "b"]
  a1  = flatten([for x in local.a0 : [x, x, x, x, x, x, x, x, x, x]])
  a2  = flatten([for x in local.a1 : [x, x, x, x, x, x, x, x, x, x]])
  a3  = flatten([for x in local.a2 : [x, x, x, x, x, x, x, x, x, x]])
  a4  = flatten([for x in local.a3 : [x, x, x, x, x, x, x, x, x, x]])
  a5  = flatten([for x in local.a4 : [x, x, x, x, x, x, x, x, x, x]])
  a6  = flatten([for x in local.a5 : [x, x, x, x, x, x, x, x, x, x]])
  a7  = flatten([for x in local.a6 : [x, x, x, x, x, x, x, x, x, x]])
  a8  = flatten([for x in local.a7 : [x, x, x, x, x, x, x, x, x, x]])
  a9  = flatten([for x in local.a8 : [x, x, x, x, x, x, x, x, x, x]])
  a10 = flatten([for x in local.a9 : [x, x, x, x, x, x, x, x, x, x]])
}
resource "aws_cognito_user_pool" "p" {
  for_each = toset(local.a10)
  name     = each.key
}

locals {
  many = range(1000)
  maps = { for a in local.many : "a${a}" => { for b in local.many : "b${b}" => a } }
}
resource "aws_cognito_user_pool" "p" {
  name = "x"
  tags = local.maps["a1"]
}

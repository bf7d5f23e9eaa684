resource "aws_cognito_user_pool" "p" {
  name = "a"
}
module "a" {
  source = "../m8"
  for_each = toset(["x", "y"])
}
module "b" {
  source = "../m8"
  for_each = toset(["x", "y"])
}
module "c" {
  source = "../m8"
  for_each = toset(["x", "y"])
}

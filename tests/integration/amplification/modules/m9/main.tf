resource "aws_cognito_user_pool" "p" {
  name = "a"
}
module "a" {
  source = "../m10"
  for_each = toset(["x", "y"])
}
module "b" {
  source = "../m10"
  for_each = toset(["x", "y"])
}
module "c" {
  source = "../m10"
  for_each = toset(["x", "y"])
}

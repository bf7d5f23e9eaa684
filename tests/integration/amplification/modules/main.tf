resource "aws_cognito_user_pool" "p" {
  name = "a"
}
module "a" {
  source = "./m1"
}
module "b" {
  source = "./m1"
}
module "c" {
  source = "./m1"
}
